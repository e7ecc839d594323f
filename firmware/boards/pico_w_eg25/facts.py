"""Facts of a Raspberry Pi Pico W with an EG25-G, wired as SB Components' Pico Cell 4G.

That board leaves DTR open and has no button: both go to free pins. Constants only.
"""

NAME = "pico_w_eg25"
TITLE = "Raspberry Pi Pico W (RP2040, EG25-G)"
PORT = "rp2"
MPY_ARCH = "armv6m"
# Certified at a core voltage of 1.15 V (Pico SDK 2.1.1); the port itself starts at 125 MHz.
CPU_HZ = 200_000_000
MODEM = "eg25"

MODEM_UART = 0
MODEM_BAUD = 115_200
MODEM_TX_PIN = 0
MODEM_RX_PIN = 1
MODEM_POWER_KEY_PIN = 22
MODEM_RESET_PIN = 20
MODEM_DTR_PIN = 21

LINK_UART = 1
LINK_BAUD = 115_200
LINK_TX_PIN = 4
LINK_RX_PIN = 5

BUTTON_PIN = 14
# The board's buzzer has the same driver as a motor.
HAPTIC_PIN = 15

# The cell behind a divider by two: the chip's own one shares its pin with the radio.
BATTERY_ADC_PIN = 28
BATTERY_DIVIDER = 2

DATA_DIR = "/data"
WATCHDOG_MS = 60_000
HEAP_BYTES = 160 * 1024
