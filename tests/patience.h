#pragma once

#include <QTest>

// A test waits for a condition, not for a time: on a busy computer what takes a moment may take minutes.

namespace lab {
constexpr int patience = 180'000;  ///< milliseconds
}

#undef QTRY_VERIFY
#undef QTRY_VERIFY2
#undef QTRY_COMPARE
#define QTRY_VERIFY(condition) QTRY_VERIFY_WITH_TIMEOUT((condition), lab::patience)
#define QTRY_VERIFY2(condition, message) QTRY_VERIFY2_WITH_TIMEOUT((condition), (message), lab::patience)
#define QTRY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT((actual), (expected), lab::patience)
