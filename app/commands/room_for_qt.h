#pragma once

namespace lab {

/// Before Qt's application is made, which ends the program where it is refused a file or memory: throws std::runtime_error with a sentence
/// when either is too scarce for what draws (`shown`: for a window).
void requireRoomForQt(bool shown);

}  // namespace lab
