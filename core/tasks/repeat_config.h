#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

// How `repeat` draws its block. Members bear the names of the JSON keys (task.*).

namespace lab {

enum class RepeatPeriod { fixed, random };

struct RepeatPeriodSpec {
    std::string_view name;
    SourceText help;
};

template <>
struct EnumRows<RepeatPeriod> {
    static constexpr std::array<RepeatPeriodSpec, 2> rows{
        {{"fixed", LAB_TEXT("fields", "n / 2, so that what comes next stands at a known distance and one layer finds it by position")},
         {"random",
          LAB_TEXT("fields",
                   "from n / 4 to n / 2, drawn for each sequence, with fresh tokens before the two blocks; what comes next can only be "
                   "found by what stands there")}}};
};

struct RepeatConfig {
    RepeatPeriod period = RepeatPeriod::fixed;
};

/// How long a block of `repeat` may be where its length is drawn, of n tokens: the last quarter is always said for the second time, the
/// first quarter never.
constexpr int shortestBlock(int n) {
    return (n + 3) / 4;
}
constexpr int longestBlock(int n) {
    return n / 2;
}

}  // namespace lab
