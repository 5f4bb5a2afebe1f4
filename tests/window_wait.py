#!/usr/bin/env python3
"""How long a window lets one wait: asks it over AT-SPI fifty times a second, which its own thread has to answer between two pieces of work.

    tests/window_wait.py PROCESS FILE     within the session of at_spi.in_own_session; a line "SECONDS MILLISECONDS" an answer, until it ends

Every second one also "SECONDS bus MILLISECONDS": what the same question takes of the bus itself, that is of the machine without the window.
"""
import sys
import time

INTERVAL = 0.02
EVERY = 50  # answers of the window to one of the bus
PATIENCE = 600_000
DBUS = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def moments(answers):
    """What somebody waits who comes at any moment: one that came while another question was not answered yet waits for the rest of it."""
    waits = []
    for milliseconds in answers:
        left = milliseconds
        while left > 0:
            waits.append(left)
            left -= 1000 * INTERVAL
    return waits


def read(file, offset=0):
    """Answers of the window and of the bus behind the offset, as (seconds, milliseconds), and the offset behind them."""
    window, bus = [], []
    with open(file, encoding="utf-8") as lines:
        lines.seek(offset)
        for line in iter(lines.readline, ""):
            if not line.endswith("\n"):
                break  # the rest of it follows
            offset = lines.tell()
            words = line.split()
            (bus if len(words) == 3 else window).append((float(words[0]), float(words[-1])))
    return window, bus, offset


def accessibility_bus():
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    session = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, -1, None).unpack()[0]
    return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)


def name_of(bus, process):
    for name in bus.call_sync(*DBUS, "ListNames", None, None, 0, -1, None).unpack()[0]:
        if not name.startswith(":"):
            continue
        owner = bus.call_sync(*DBUS, "GetConnectionUnixProcessID", GLib.Variant("(s)", (name,)), None, 0, -1, None).unpack()[0]
        if owner == process:
            return name
    sys.exit(f"process {process} is not heard of")


def took(call):
    began = time.monotonic()
    call()
    return began, 1000 * (time.monotonic() - began)


def main():
    bus = accessibility_bus()
    name = name_of(bus, int(sys.argv[1]))
    question = GLib.Variant("(ss)", ("org.a11y.atspi.Accessible", "ChildCount"))

    def ask():
        bus.call_sync(name, "/org/a11y/atspi/accessible/root", "org.freedesktop.DBus.Properties", "Get", question, None, 0, PATIENCE, None)

    def ask_bus():
        bus.call_sync(*DBUS, "GetId", None, None, 0, PATIENCE, None)

    number = 0
    with open(sys.argv[2], "a", encoding="utf-8", buffering=1) as file:
        while True:
            try:
                began, milliseconds = took(ask)
            except GLib.Error:
                return  # it ended
            file.write(f"{began:.3f} {milliseconds:.3f}\n")
            if number % EVERY == 0:
                file.write("{:.3f} bus {:.3f}\n".format(*took(ask_bus)))
            number += 1
            time.sleep(max(0.0, INTERVAL - (time.monotonic() - began)))


if __name__ == "__main__":
    from gi.repository import Gio, GLib

    main()
