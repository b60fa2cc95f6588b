"""The debug engine: sessions, stops, breakpoints, symbols, expressions. It knows no text and no sockets."""
