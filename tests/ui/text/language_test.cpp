#include "ui/text/language.h"

#include <QCoreApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>

#include "tests/ui/text/pseudo_locale.h"
#include "ui/text/message_text.h"
#include "ui/text/number_words.h"

using namespace lab;

namespace {

QStringList codes() {
    QStringList all;
    for (const Language& each : languages()) all << each.code;
    return all;
}

}  // namespace

class LanguageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("attention-lab-test");
        QCoreApplication::setApplicationName("language_test");
        QSettings().clear();
        qunsetenv("ATTENTION_LAB_LANGUAGE");
        if (toolOfQt("lrelease").isEmpty()) QSKIP("lrelease is not installed");
        QVERIFY(releasePseudoFile(m_folder.path(), "eo", {{"config", "an integer", false}, {"test", "%n run(s)", true}}));
        QVERIFY(releasePseudoFile(m_folder.path(), "he", {{"config", "an integer", false}}));
    }
    void init() { qputenv("ATTENTION_LAB_TRANSLATIONS", m_folder.path().toUtf8()); }
    void cleanup() {
        useLanguage("en");
        qunsetenv("ATTENTION_LAB_TRANSLATIONS");
        qunsetenv("ATTENTION_LAB_LANGUAGE");
    }

    void englishIsAlwaysThereAndFirst() {
        QCOMPARE(languages().front().name, QString("English"));
        QCOMPARE(language(), QString("en"));
        QCOMPARE(decimalPoint(), QChar('.'));
    }

    void germanComesWithTheProgram() {
        qunsetenv("ATTENTION_LAB_TRANSLATIONS");
        QCOMPARE(codes(), QStringList({"en", "de"}));
        QCOMPARE(languages().back().name, QString("Deutsch"));
    }

    void aThirdLanguageIsAFile() {
        QCOMPARE(codes(), QStringList({"en", "de", "eo", "he"}));
        useLanguage("eo");
        QCOMPARE(language(), QString("eo"));
        QCOMPARE(shown(Message(LAB_TEXT("config", "an integer"))), pseudo("an integer"));
        QVERIFY(shown(Message(LAB_PLURAL("test", "%n run(s)")).count(3)).startsWith("[3 "));
        QCOMPARE(QLocale().language(), QLocale::Esperanto);
        useLanguage("he");
        QCOMPARE(shownLocale().textDirection(), Qt::RightToLeft);
        useLanguage("en");
        QCOMPARE(shown(Message(LAB_TEXT("config", "an integer"))), QString("an integer"));
    }

    void oneThatIsNotThereIsEnglish() {
        useLanguage("xx");
        QCOMPARE(language(), QString("en"));
    }

    void theStartTakesTheEnvironmentsThenTheChosenOne() {
        chooseLanguage("eo");
        QCOMPARE(languageToStart(), QString("eo"));
        qputenv("ATTENTION_LAB_LANGUAGE", "he");
        QCOMPARE(languageToStart(), QString("he"));
        qputenv("ATTENTION_LAB_LANGUAGE", "xx");
        QCOMPARE(languageToStart(), QString("eo"));
        qunsetenv("ATTENTION_LAB_TRANSLATIONS");  // it was taken away since
        QVERIFY(codes().contains(languageToStart()));
    }

    /// Qt's own words: of message boxes and file dialogs.
    void qtSpeaksItToo() {
        useLanguage("de");
        const QString cancel = QCoreApplication::translate("QPlatformTheme", "Cancel");
        if (!QFile::exists(QLibraryInfo::path(QLibraryInfo::TranslationsPath) + "/qtbase_de.qm"))
            QSKIP("qt6-translations-l10n is not installed");
        QCOMPARE(cancel, QString("Abbrechen"));
    }

    void numbersHaveItsPoint_data() {
        QTest::addColumn<QString>("plain");
        QTest::addColumn<QString>("german");
        const auto row = [](const char* plain, const char* german) { QTest::newRow(plain) << QString(plain) << QString(german); };
        row("0.25", "0,25");
        row("-0.5", "-0,5");
        row("\u22121.50e\u22124", "\u22121,50e\u22124");
        row("1e-5", "1e-5");
        row("[0.5, 0.25, 1]", "[0,5; 0,25; 1]");
        row("[1, 2]", "[1, 2]");
        row("(0.5, \u22121.25)", "(0,5; \u22121,25)");
        row("0.31 \u00B7 1.20 + 0.5 \u00B7 2.1", "0,31 \u00B7 1,20 + 0,5 \u00B7 2,1");
        row("k\u2080 = 0.5", "k\u2080 = 0,5");
        row("2.5 \u2192 0.1", "2,5 \u2192 0,1");
        row("0.5 %", "0,5 %");
        row("max(0, \u22120.016)", "max(0; \u22120,016)");
        row("run(0.5.json)", "run(0.5.json)");
        row("encoder.0.attention", "encoder.0.attention");
        row("0.1.0", "0.1.0");
        row("127.0.0.1:8127", "127.0.0.1:8127");
        row("/home/me/0.5/run.json", "/home/me/0.5/run.json");
        row("0.5.json", "0.5.json");
        row("model.d_model = 0.5.x", "model.d_model = 0.5.x");
        row("lr 0.5", "lr 0.5");
        row("training.learning_rate=0.001", "training.learning_rate=0.001");
        row("`x = 0.5`", "`x = 0.5`");
    }
    void numbersHaveItsPoint() {
        QFETCH(const QString, plain);
        QFETCH(const QString, german);
        QCOMPARE(withShownNumbers(plain), plain);
        useLanguage("de");
        QCOMPARE(withShownNumbers(plain), german);
        // Whatever sentence it stands in.
        QCOMPARE(shown(Message(LAB_TEXT("test", "It is %1.")).arg(plain.toStdString())), "It is " + german + ".");
        QCOMPARE(shown(Message::joined({Message::verbatim(plain.toStdString()), Message::verbatim("KiB")})), german + " KiB");
    }

    void typedNumbersHaveEither_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("english");
        QTest::addColumn<QString>("german");
        const auto row = [](const char* typed, const char* english, const char* german) {
            QTest::newRow(typed) << QString(typed) << QString(english) << QString(german);
        };
        row("0.5, 0.25", "0.5, 0.25", "0.5, 0.25");
        row("0,5; 0,25", "0.5, 0.25", "0.5, 0.25");
        row("0.5;0.25", "0.5, 0.25", "0.5, 0.25");
        row("0,5 0,25", "0,5 0,25", "0.5, 0.25");
        row("1,2", "1,2", "1.2");
        row("1, 2", "1, 2", "1, 2");
        row("1,2,4", "1,2,4", "1,2,4");
        row("\u22121,5", "-1,5", "-1.5");
    }
    void typedNumbersHaveEither() {
        QFETCH(const QString, typed);
        QFETCH(const QString, english);
        QFETCH(const QString, german);
        QCOMPARE(plainNumbers(typed), english);
        useLanguage("de");
        QCOMPARE(plainNumbers(typed), german);
    }

    void oneTypedNumberHasEither() {
        for (const char* code : {"en", "de"}) {
            useLanguage(code);
            QCOMPARE(typedNumber("0.25"), std::optional(0.25));
            QCOMPARE(typedNumber(" 0,25 "), std::optional(0.25));
            QCOMPARE(typedNumber("\u22121,5e\u22123"), std::optional(-0.0015));
            QVERIFY(!typedNumber("1,2,3") && !typedNumber("1.2,3") && !typedNumber("x") && !typedNumber(""));
        }
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(LanguageTest)
#include "language_test.moc"
