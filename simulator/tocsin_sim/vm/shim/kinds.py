"""Kinds of record that cross the link, and reset causes as the ESP32 port numbers them."""

UART = 1  # both ways: the bytes
UART_OPEN = 2  # from the handset: baud rate u32
PIN = 3  # both ways: level u8, RELEASED when nobody drives
PIN_MODE = 4  # from the handset: mode u8, pull u8
ADC = 5  # to the handset: microvolts u32
FLASH = 6  # from the handset: program operations u32, erase operations u32
WATCHDOG = 7  # from the handset: timeout in ms u32
RESET = 8  # from the handset: cause u8
CRASH = 9  # from the handset: the program ended with an exception
POWER_CUT = 10  # from the handset: the flash operation to cut at was reached
BOOT = 11  # to the handset: cause u8; from the handset: the VM's version
HEAP = 12  # to the handset: measure; from the handset: allocated u32, free u32
OVERRUN = 13  # from the handset: received bytes lost for want of room u32
TASK = 14  # to the handset: port 1 let a task fail, 0 no longer, its name; from it: one failed
UART_IDLE = 15  # to the handset: silence follows the bytes received last
RADIO = 16  # both ways: what of Bluetooth, by port

RELEASED = 2

HEAP_SAMPLE = 0
HEAP_COLLECT = 2  # port of the HEAP record that has garbage collected and nothing measured
HEAP_SHIM = 1  # port of the HEAP record sent before any firmware runs

PWRON_RESET = 1
HARD_RESET = 2
WDT_RESET = 3
DEEPSLEEP_RESET = 4
SOFT_RESET = 5

# Ports of RADIO, from the handset.
RADIO_ACTIVE = 0  # is to be switched on or off: faults are told
RADIO_IS = 1  # has been switched: on u8
RADIO_CONFIG = 2
RADIO_NAME = 3  # of the device
RADIO_SERVICES = 4  # a UUID, then handle u8, flags u8 and UUID of each characteristic
RADIO_ADVERTISE = 5  # address mode u8, length of the data u8, address, data, response; or nothing
RADIO_NOTIFY = 6  # handle u8, value
RADIO_READ = 7
# Both ways.
RADIO_DISCONNECT = 8
RADIO_MTU = 9  # u16
# To the handset, and the fault also from it, when it acts.
RADIO_CONNECT = 10  # connection u8, address
RADIO_WRITE = 11  # handle u8, value
RADIO_EVENT = 12  # any other event u8, number u8
RADIO_FAULT = 13  # what fails (a port above, or RADIO_SILENCE) u8, error u8
RADIO_SILENCE = 14  # no event is told any more
RADIO_NOT_OSERROR = 255
