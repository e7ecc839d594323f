"""Start the board the image was built for."""

import board

board.run()
