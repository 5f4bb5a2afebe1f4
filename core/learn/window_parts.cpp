#include "core/learn/window_parts.h"

namespace lab {

const std::vector<std::string_view>& windowParts() {
    static const std::vector<std::string_view> names = {"train",          "preset",     "step",         "pace",         "loss",
                                                        "meters",         "page.train", "page.maps",    "page.explain", "page.positions",
                                                        "page.stream",    "page.text",  "page.compare", "page.sweeps",  "page.memory",
                                                        "page.incontext", "page.codes", "experiment",   "input",        "input.change",
                                                        "timeline",       "exports",    "lesson.text",  "lessons",      "questions"};
    return names;
}

}  // namespace lab
