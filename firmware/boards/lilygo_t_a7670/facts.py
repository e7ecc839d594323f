"""Facts of the LilyGO T-A7670 (LilyGO T-A76XX board files), constants only."""

NAME = "lilygo_t_a7670"
TITLE = "LilyGO T-A7670 (ESP32, A7670E)"
PORT = "esp32"
MPY_ARCH = "xtensawin"
# What latency is reckoned for; the port itself starts at 160 MHz.
CPU_HZ = 240_000_000
MODEM = "a7670"

# Host link on the USB bridge's UART; pins 1 and 3 are the ESP32's defaults.
LINK_UART = 0
LINK_BAUD = 115_200
LINK_TX_PIN = 1
LINK_RX_PIN = 3

MODEM_UART = 1
MODEM_BAUD = 115_200
MODEM_TX_PIN = 26
MODEM_RX_PIN = 27
MODEM_POWER_KEY_PIN = 4
MODEM_DTR_PIN = 25
MODEM_RAIL_PIN = 12

# Free pins brought out on the header: the handset's own button and motor.
BUTTON_PIN = 32
HAPTIC_PIN = 19

BATTERY_ADC_PIN = 35
BATTERY_DIVIDER = 2

DATA_DIR = "/data"
WATCHDOG_MS = 60_000
HEAP_BYTES = 190 * 1024
