#include "ui/window/help_pages.h"

#include <QFile>
#include <QFileInfo>
#include <QKeySequence>
#include <QRegularExpression>
#include <QtTest>

#include "core/config/presets.h"
#include "core/learn/lesson.h"
#include "core/pretrained/family.h"
#include "ui/text/language.h"
#include "ui/widgets/theme.h"
#include "ui/window/action_table.h"
#include "ui/window/help_places.h"
#include "ui/window/key_groups.h"

using namespace lab;

namespace {

QStringList captures(const QString& text, const char* pattern) {
    QStringList all;
    for (auto found = QRegularExpression(QLatin1String(pattern), QRegularExpression::MultilineOption).globalMatch(text); found.hasNext();)
        all << found.next().captured(1);
    return all;
}

/// Without blanks, in lower case, as the tables of keys and sentences about keys both have them.
QString plainKey(QString key) {
    return key.remove(QLatin1Char(' ')).toLower();
}

}  // namespace

/// The pages that are read in the window and on paper.
class HelpPagesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }
    void cleanup() { useLanguage(QStringLiteral("en")); }

    void everyLanguageHasThem_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("code");
        for (const HelpPage& page : helpPages())
            for (const Language& each : languages())
                QTest::addRow("%s %s", page.id, qPrintable(each.code)) << QString(page.id) << each.code;
    }
    void everyLanguageHasThem() {
        QFETCH(QString, id);
        QFETCH(QString, code);
        const HelpPage& page = *findHelpPage(id);
        const QString english = helpText(page);
        QVERIFY(english.startsWith("# ") && english.contains("\n## "));
        useLanguage(code);
        const QString here = helpText(page);
        QCOMPARE(here == english, code == "en");
        QCOMPARE(captures(here, "^(#+) ").size(), captures(english, "^(#+) ").size());
        QVERIFY(captures(here, "^(\\{[a-z]*\\})$").isEmpty());  // no place is left over
        QVERIFY(!here.contains("<!--"));
    }

    void picturesAndLinksAreThere_data() { everyLanguageHasThem_data(); }
    void picturesAndLinksAreThere() {
        QFETCH(QString, id);
        QFETCH(QString, code);
        useLanguage(code);
        const QString text = helpText(*findHelpPage(id));
        for (const QString& picture : captures(text, "!\\[[^\\]]+\\]\\(([^)]+)\\)")) {
            QVERIFY2(picture.startsWith("../pictures/"), qPrintable(picture));
            QVERIFY2(QFile::exists(":/pictures/" + QFileInfo(picture).fileName()), qPrintable(picture));
        }
        for (const QString& link : captures(text, "(?<!!)\\[[^\\]]+\\]\\(([^)#]+\\.md)[^)]*\\)"))
            QVERIFY2(findHelpPage(QFileInfo(link).fileName().section('.', 0, 0)), qPrintable(link));
    }

    /// A key that a guide names is one that there is.
    void keysInTheGuidesAreThere_data() { everyLanguageHasThem_data(); }
    void keysInTheGuidesAreThere() {
        QFETCH(QString, id);
        QFETCH(QString, code);
        useLanguage(code);
        QStringList known;
        for (const KeyGroup& group : keyGroups())
            for (const auto& [keys, what] : group.entries)
                for (const QString& key : keys.split(", ")) known << plainKey(key);
        for (const QString& key : captures(helpText(*findHelpPage(id)), "((?:(?:Ctrl|Strg|Shift|Umschalt) ?\\+ ?)+(?:F\\d+|[A-Z]\\b))"))
            QVERIFY2(known.contains(plainKey(key)), qPrintable(key));
    }

    void placesSayWhatTheProgramHas() {
        const auto filled = [](const char* place) { return withPlacesFilled(QStringLiteral("Before.\n\n{%1}\n\nBehind.\n").arg(place)); };
        for (const QString& place : helpPlaces()) {
            const QString text = filled(qPrintable(place));
            QVERIFY2(text.startsWith("Before.\n\n") && text.endsWith("\n\nBehind.\n") && !text.contains('{' + place), qPrintable(place));
        }
        for (const ActionRow& row : actionTable())
            for (const QKeySequence& key : keysOf(row)) {
                const QString said = key.toString(QKeySequence::NativeText).replace('[', "\\[");
                QVERIFY2(filled("keys").contains(said), qPrintable(said));
            }
        QCOMPARE(filled("lessons").count("\n| "), static_cast<qsizetype>(lessons().size()) + 1);
        QCOMPARE(filled("presets").count("\n| "), static_cast<qsizetype>(presets().size()) + 1);
        for (const Preset& preset : presets()) {
            const QString name = QString::fromUtf8(preset.name.data(), static_cast<qsizetype>(preset.name.size()));
            QVERIFY(filled("presets").contains("| `" + name + "` |"));
        }
        QVERIFY(filled("families").contains("GPT-2"));
        QVERIFY(filled("commands").contains("| `train` | Train a model without the window. |"));
        QCOMPARE(withPlacesFilled("A {keys} in a line stays.\n"), QString("A {keys} in a line stays.\n"));
    }

    void everyPageIsCalledAsItsAction() {
        for (const HelpPage& page : helpPages()) {
            QVERIFY2(findActionRow(page.action), page.action);
            QCOMPARE(findHelpPage(page.id), &page);
            if (*page.guide) QCOMPARE(findGuide(page.guide), &page);
        }
        QVERIFY(!findHelpPage("other") && !findGuide("formats") && !findGuide(""));
    }
};

QTEST_MAIN(HelpPagesTest)
#include "help_pages_test.moc"
