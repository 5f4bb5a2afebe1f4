#pragma once

// All tests of a room are one program. Each *_test.cpp still ends with Qt's QTEST_..._MAIN line; this header, which the precompiled headers
// of the tests bring first, turns that line from a `main` of its own into an entry of the room's list (room.cpp has the `main`).

#include <QtTest>

#include "tests/patience.h"

namespace lab::tests {

/// What a test file adds to its room's program: its name (path without folder and ending) and what would be its `main`.
struct TestFile {
    TestFile(const char* path, int (*run)(int, char**));
};

}  // namespace lab::tests

// Qt defines all of QTEST_MAIN, QTEST_GUILESS_MAIN and QTEST_APPLESS_MAIN by this one; the arguments after the class make the application.
// Several files are compiled as one: the entry has the name of its class.
#undef QTEST_MAIN_WRAPPER
#define QTEST_MAIN_WRAPPER(TestObject, ...)                                                     \
    namespace {                                                                                 \
    const lab::tests::TestFile entryOf##TestObject(__FILE__, [](int argc, char** argv) -> int { \
        QTest::Internal::callInitMain<TestObject>();                                            \
        __VA_ARGS__                                                                             \
        TestObject test;                                                                        \
        QTEST_SET_MAIN_SOURCE_PATH                                                              \
        return QTest::qExec(&test, argc, argv);                                                 \
    });                                                                                         \
    }
