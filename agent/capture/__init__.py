"""The senses: keys, focus, screen. The only room that touches pynput, mss, psutil or the desktop's own calls."""
