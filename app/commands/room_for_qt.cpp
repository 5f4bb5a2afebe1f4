#include "app/commands/room_for_qt.h"

#include <stdexcept>

#include "core/base/platform_limits.h"

namespace lab {
namespace {

// With prlimit: with fewer files than 2, or some 20 MB less, it ends in Qt or GLib; a window on a screen has connections of its own.
constexpr int filesDrawing = 8, filesShown = 24;
constexpr std::size_t megabyte = std::size_t{1} << 20, memoryDrawing = 32 * megabyte, memoryShown = 128 * megabyte;

}  // namespace

void requireRoomForQt(bool shown) {
    if (!mayOpen(shown ? filesShown : filesDrawing)) throw std::runtime_error("too few files may be open at once for drawing (ulimit -n)");
    if (!hasRoomFor(shown ? memoryShown : memoryDrawing)) throw std::runtime_error("not enough memory for drawing (ulimit -v)");
}

}  // namespace lab
