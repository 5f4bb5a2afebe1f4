#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

namespace {

/// Which folders each folder may include besides itself; what those may include follows from it.
const QMap<QString, QStringList> directRules = {
    {"core/base", {}},
    {"core/tensor", {"core/base"}},
    {"core/ops", {"core/tensor"}},
    {"core/tasks", {"core/base"}},
    {"core/patterns", {"core/base"}},
    {"core/bottlenecks", {"core/base"}},
    {"core/text", {"core/base"}},
    {"core/memory", {"core/base"}},
    {"core/goedel", {"core/base"}},
    {"core/pictures", {"core/tasks", "core/text"}},
    {"core/optimizers", {"core/ops"}},
    {"core/config", {"core/tasks", "core/patterns", "core/bottlenecks", "core/text", "core/optimizers"}},
    {"core/layers", {"core/ops", "core/config"}},
    {"core/model", {"core/layers"}},
    {"core/data", {"core/config", "core/tensor", "core/pictures"}},
    {"core/training", {"core/model", "core/data"}},
    {"core/analysis", {"core/model", "core/memory"}},
    {"core/stream", {"core/model", "core/analysis"}},
    {"core/incontext", {"core/model", "core/data"}},
    {"core/codes", {"core/training", "core/goedel"}},
    {"core/writing", {"core/model", "core/data"}},
    {"core/explain", {"core/model"}},
    {"core/learn", {"core/base"}},
    {"core/examples", {"core/explain", "core/data"}},
    {"core/lessons", {"core/learn", "core/examples", "core/moments", "core/stream"}},
    {"core/moments", {"core/explain", "core/analysis", "core/training"}},
    {"core/io", {"core/config", "core/tensor"}},
    {"core/pretrained", {"core/model", "core/data", "core/io"}},
    {"core/runs", {"core/training", "core/io"}},
    {"core/sweep", {"core/training", "core/io"}},
    {"ui/text", {"core/base"}},
    {"ui/runs", {"core", "ui/text"}},
    {"ui/widgets", {"core", "ui/text"}},
    {"ui/scenes", {"ui/widgets", "ui/runs"}},
    {"ui/pages", {"ui/scenes"}},
    {"ui/forms", {"ui/scenes"}},
    {"ui/documents", {"ui/scenes"}},
    {"ui/lessons", {"ui/scenes"}},
    {"ui/window", {"ui/pages", "ui/forms", "ui/documents", "ui/lessons"}},
    {"server/http", {"core/base"}},
    {"server/service", {"core", "server/http"}},
    {"server/routes", {"server/service"}},
    {"server/client", {"server/service"}},
    {"app", {"ui/window", "server/routes", "server/client"}},
};

struct Include {
    int line;
    QString path;
    bool quoted;
};

struct SourceFile {
    QString path;  ///< from the repo's root
    QStringList lines;
    QVector<Include> includes;
};

SourceFile readSource(const QString& root, const QString& path) {
    static const QRegularExpression pattern(R"(^\s*#\s*include\s*(["<])([^">]+)[">])");
    QFile file(root + "/" + path);
    if (!file.open(QIODevice::ReadOnly)) qFatal("cannot read %s", qPrintable(path));
    SourceFile source{path, QString::fromUtf8(file.readAll()).split('\n'), {}};
    for (int i = 0; i < source.lines.size(); ++i)
        if (const auto match = pattern.match(source.lines[i]); match.hasMatch())
            source.includes.append({i + 1, match.captured(2), match.captured(1) == "\""});
    return source;
}

QVector<SourceFile> readSources(const QStringList& folders) {
    const QString root = LAB_SOURCE_DIR;
    QVector<SourceFile> sources;
    for (const QString& folder : folders) {
        QDirIterator files(root + "/" + folder, {"*.h", "*.cpp", "*.inl"}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) sources.append(readSource(root, files.next().mid(root.size() + 1)));
    }
    return sources;
}

/// The house's room a path lies in: "core/ops", "ui/pages", "app"; empty for what is no room.
QString roomOf(const QString& path) {
    const QStringList parts = path.split('/');
    if (parts[0] == "app") return "app";
    if (parts.size() < 3 || (parts[0] != "core" && parts[0] != "ui" && parts[0] != "server")) return {};
    return parts[0] + "/" + parts[1];
}

/// The page a path belongs to: "maps"; empty for what belongs to all or to none.
QString pageOf(const QString& path) {
    const QStringList parts = path.split('/');
    return parts.size() > 3 && parts[0] == "ui" && parts[1] == "pages" ? parts[2] : QString();
}

QSet<QString> allowedRooms(const QString& room) {
    QSet<QString> allowed{room};
    QStringList open = directRules.value(room);
    while (!open.isEmpty()) {
        const QString next = open.takeFirst();
        if (allowed.contains(next)) continue;
        if (next == "core") {
            for (const QString& other : directRules.keys())
                if (other.startsWith("core/")) open.append(other);
            continue;
        }
        allowed.insert(next);
        open += directRules.value(next);
    }
    return allowed;
}

QString place(const SourceFile& source, const Include& include) {
    return QString("%1:%2 includes %3").arg(source.path).arg(include.line).arg(include.path);
}

bool isQt(const Include& include) {
    static const QRegularExpression header("^(Q[A-Z]|Qt|q[a-z]+\\.h$)");
    return header.match(include.path).hasMatch();
}

/// What a source of room `room` may not include, as sentences.
QStringList violationsOf(const SourceFile& source) {
    const QString room = roomOf(source.path);
    if (!directRules.contains(room)) return {source.path + " lies in a folder that has no rule"};
    const QSet<QString> allowed = allowedRooms(room);
    QStringList violations;
    for (const Include& include : source.includes) {
        if (!include.quoted || include.path.endsWith(".moc")) continue;
        const QString target = roomOf(include.path);
        if (target.isEmpty())
            violations += place(source, include) + ", which is not a path from the root";
        else if (!allowed.contains(target))
            violations += place(source, include) + ", but " + room + " may not use " + target;
    }
    return violations;
}

}  // namespace

/// Holds the sources to the layout of the house: who may include whom.
class ArchitectureTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        m_sources = readSources({"core", "server", "ui", "app"});
        QVERIFY(m_sources.size() > 20);
    }

    void rulesAreTransitive() {
        QVERIFY(allowedRooms("core/training").contains("core/base"));
        QVERIFY(allowedRooms("ui/pages").contains("core/io"));
        QVERIFY(!allowedRooms("core/io").contains("core/model"));
        QVERIFY(!allowedRooms("ui/widgets").contains("ui/runs"));
        QVERIFY(!allowedRooms("ui/window").contains("app"));
    }

    void aForbiddenIncludeIsSeen() {
        const SourceFile upward{"core/ops/x.cpp", {}, {{1, "core/model/model.h", true}}};
        QCOMPARE(violationsOf(upward), QStringList{"core/ops/x.cpp:1 includes core/model/model.h, but core/ops may not use core/model"});
        const SourceFile outward{"ui/window/main_window.cpp", {}, {{1, "app/run_window.h", true}}};
        QCOMPARE(violationsOf(outward).size(), 1);
        const SourceFile relative{"core/ops/x.cpp", {}, {{1, "kernels.h", true}}};
        QCOMPARE(violationsOf(relative).size(), 1);
        QVERIFY(isQt({1, "QString", false}) && isQt({1, "QtCore/QString", false}) && isQt({1, "qglobal.h", false}));
        QVERIFY(!isQt({1, "queue", false}));
    }

    void foldersIncludeOnlyWhatTheyMay() {
        QStringList violations;
        for (const SourceFile& source : m_sources) violations += violationsOf(source);
        QCOMPARE(violations.join('\n'), QString());
    }

    void pagesKnowNoOtherPage() {
        expectNone([](const SourceFile& source, const Include& include) {
            const QString page = pageOf(source.path), other = pageOf(include.path);
            return !page.isEmpty() && !other.isEmpty() && page != other;
        });
        QCOMPARE(pageOf("ui/pages/maps/head_grid.h"), QString("maps"));
        QCOMPARE(pageOf("ui/pages/page.h"), QString());
    }

    void coreAndServerHaveNoQt() {
        expectNone([](const SourceFile& source, const Include& include) {
            return !source.path.startsWith("ui/") && !source.path.startsWith("app/") && isQt(include);
        });
    }

    void runsAndTextUseQtCoreOnly() {
        expectNone([](const SourceFile& source, const Include& include) {
            static const QRegularExpression other("^(QtGui|QtWidgets|QtSvg|QtPrintSupport|QWidget|QApplication|QImage|QPainter|QColor)");
            return (source.path.startsWith("ui/runs/") || source.path.startsWith("ui/text/")) && other.match(include.path).hasMatch();
        });
    }

    /// A tokenizer's parts read one another from JSON: their headers name it, and the table of parts, which sources alone include, has it.
    /// So do headers of what is written as JSON and nothing else.
    void jsonStaysInSources() {
        expectNone([](const SourceFile& source, const Include& include) {
            const bool forward = include.path.endsWith("json_fwd.hpp");
            const bool named =
                (source.path.startsWith("core/data/tokenizers/pipeline/") && (forward || source.path.endsWith("part_table.h"))) ||
                (source.path.endsWith("_json.h") && forward);
            const bool served = source.path.startsWith("server/");  // whose values are JSON
            return include.path.startsWith("nlohmann/") && !source.path.endsWith(".cpp") && !named && !served;
        });
    }

    void sourcesIncludeTheirOwnHeaderFirst() {
        QStringList violations;
        for (const SourceFile& source : m_sources) {
            const QString header = source.path.left(source.path.lastIndexOf('.')) + ".h";
            if (!source.path.endsWith(".cpp") || !QFile::exists(LAB_SOURCE_DIR "/" + header)) continue;
            if (source.includes.isEmpty() || source.includes.first().path != header) violations += source.path;
        }
        QCOMPARE(violations.join('\n'), QString());
    }

    void headersAreGuarded() {
        QStringList violations;
        for (const SourceFile& source : m_sources)
            if (source.path.endsWith(".h") && !source.lines.contains("#pragma once")) violations += source.path;
        QCOMPARE(violations.join('\n'), QString());
    }

    void filesStayShort() {
        QStringList violations;
        for (const SourceFile& source : m_sources)
            if (source.lines.size() > 701) violations += QString("%1: %2 lines").arg(source.path).arg(source.lines.size() - 1);
        QCOMPARE(violations.join('\n'), QString());
    }

private:
    template <class Predicate>
    void expectNone(Predicate forbidden) {
        QStringList violations;
        for (const SourceFile& source : m_sources)
            for (const Include& include : source.includes)
                if (forbidden(source, include)) violations += place(source, include);
        QCOMPARE(violations.join('\n'), QString());
    }

    QVector<SourceFile> m_sources;
};

QTEST_APPLESS_MAIN(ArchitectureTest)
#include "architecture_test.moc"
