#include "core/base/path_list.h"

#include <QtTest>

using namespace lab;

using Paths = std::vector<std::string>;

class PathListTest : public QObject {
    Q_OBJECT

private slots:
    void semicolonsPartPaths() {
        QCOMPARE(pathsInList(""), Paths());
        QCOMPARE(pathsInList(" ; ;"), Paths());
        QCOMPARE(pathsInList("a.txt"), Paths{"a.txt"});
        QCOMPARE(pathsInList("a.txt; b c.txt ;;d"), (Paths{"a.txt", "b c.txt", "d"}));
        QCOMPARE(pathsInList(R"(a\;b;c)"), (Paths{"a;b", "c"}));
        QCOMPARE(pathsInList(R"(a\\;b)"), (Paths{R"(a\)", "b"}));
        QCOMPARE(pathsInList(R"(C:\texts\one.txt;two\)"), (Paths{R"(C:\texts\one.txt)", R"(two\)"}));
    }

    /// Every name of three of these characters, alone and between others.
    void everyNameComesBack() {
        const std::string signs = "a;\\ ";
        Paths names;
        for (const char first : signs)
            for (const char second : signs)
                for (const char third : signs) names.push_back(std::string("x") + first + second + third + (third == ' ' ? "x" : ""));
        for (const std::string& name : names) QCOMPARE(pathsInList(listedPath(name)), Paths{name});
        QCOMPARE(pathsInList(pathList(names)), names);
        QCOMPARE(listedPath("plain/name.txt"), std::string("plain/name.txt"));
    }
};

QTEST_APPLESS_MAIN(PathListTest)
#include "path_list_test.moc"
