"""When editions took place, when articles were published, and which statements speak about which edition."""
