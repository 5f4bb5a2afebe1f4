#include <QCoreApplication>
#include <QDirIterator>
#include <QSet>
#include <QTest>

#include "tests/ui/text/pseudo_locale.h"
#include "ui/text/message_text.h"

using namespace lab;

namespace {

QString readAll(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// Without the comments that stand on lines of their own, which show how texts are marked.
QString sourcesOf(const QStringList& folders) {
    static const QRegularExpression comment(R"(^\s*//[^\n]*)", QRegularExpression::MultilineOption);
    QString text;
    for (const QString& folder : folders) {
        QDirIterator files(QStringLiteral(LAB_SOURCE_DIR "/") + folder, {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) text += readAll(files.next());
    }
    return text.remove(comment);
}

/// Classes whose tr() has their own name for a context, and names that are given in the sources.
QSet<QString> knownContexts() {
    static const QRegularExpression classes(R"(class\s+(\w+)[^;{()]*\{\s*Q_OBJECT)"), own(R"(Q_DECLARE_TR_FUNCTIONS\(([\w:]+)\))"),
        named(R"((?:LAB_TEXT|LAB_PLURAL|translate)\(\s*\x22([^\x22]+)\x22,)");
    const QString text = sourcesOf({"core", "ui"});
    QSet<QString> known{"QObject"};
    for (auto all = classes.globalMatch(text); all.hasNext();) known.insert("lab::" + all.next().captured(1));
    for (const QRegularExpression& each : {own, named})
        for (auto all = each.globalMatch(text); all.hasNext();) known.insert(all.next().captured(1));
    return known;
}

}  // namespace

/// What lupdate finds in the sources is what the program asks translators for.
class TranslationsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        const auto found = findSentences(LAB_SOURCE_DIR);
        if (!found) {
            QVERIFY2(!qEnvironmentVariableIsSet("CI"), "lupdate is not installed");
            QSKIP("lupdate is not installed");
        }
        m_found = *found;
        QVERIFY(m_found.sentences.size() > 1500);
    }

    void lupdateKnowsEveryContext() {
        QCOMPARE(m_found.complaints, QString());
        const QSet<QString> known = knownContexts(), kinds{"presets", "comparisons", "sweeps", "recipes", "examples", "questions"};
        QStringList unknown;
        for (const FoundSentence& each : m_found.sentences)
            if (!known.contains(each.context) && !kinds.contains(each.context)) unknown += each.context + ": " + each.source;
        QCOMPARE(unknown.join('\n'), QString());
    }

    void lupdateFindsEveryMarkedSentence() {
        static const QRegularExpression marked(R"(LAB_(TEXT|PLURAL)\(\s*\x22([^\x22]+)\x22,\s*\x22((?:[^\x22\\%]|%[^%])+)\x22\s*\))");
        QMap<std::pair<QString, QString>, bool> found;
        for (const FoundSentence& each : m_found.sentences) found[{each.context, each.source}] = each.plural;
        int sentences = 0;
        const QString text = sourcesOf({"core", "ui"});
        for (auto all = marked.globalMatch(text); all.hasNext(); ++sentences) {
            const QRegularExpressionMatch match = all.next();
            const auto entry = found.constFind({match.captured(2), match.captured(3)});
            QVERIFY2(entry != found.constEnd(), qPrintable(match.captured(0)));
            QCOMPARE(*entry, match.captured(1) == "PLURAL");
        }
        QVERIFY(sentences > 300);
    }

    /// lupdate takes every hexadecimal digit after \\u for one of the character's: the sentence it finds is not the program's. A literal
    /// that ends after the fourth and goes on in the next does for both.
    void noEscapedCharacterRunsIntoItsNeighbour() {
        static const QRegularExpression escape(R"(\\u[0-9A-Fa-f]{5})");
        static const QRegularExpression marked(R"x(\b(?:tr|LAB_TEXT|LAB_PLURAL|translate)\((?:[\s,]*\x22(?:[^\x22\\]|\\.)*\x22)+)x");
        QStringList wrong;
        int seen = 0;
        const QString text = sourcesOf({"core", "ui"});
        for (auto all = marked.globalMatch(text); all.hasNext(); ++seen) {
            const QString sentence = all.next().captured();
            if (sentence.contains(escape)) wrong += sentence;
        }
        QVERIFY(seen > 1500);
        QCOMPARE(wrong.join('\n'), QString());
    }

    void thePseudoLocaleKeepsWhatIsFilledIn() {
        QCOMPARE(pseudo("Pause"), QString::fromUtf8("[\u01A4\u00E1\u00FA\u0161\u00E9~~]"));
        QCOMPARE(pseudo("%1 <b>a</b> %n"), QString::fromUtf8("[%1 <b>\u00E1</b> %n~~~~~]"));
        QCOMPARE(pseudo(QString(60, 'a')).section(QChar(0xE1), -1), QString("~~~~~~~~~~~~ ~~~~~~~~~~~]"));
        QCOMPARE(pseudo("(*.csv) &amp;"), QString::fromUtf8("[(*.csv) &amp;~~~~~]"));
    }

    void aSentenceOfCoreIsTranslated() {
        PseudoLocale locale(m_found.sentences);
        QVERIFY(QCoreApplication::installTranslator(&locale));
        const Message message =
            located("model.num_heads", Message(LAB_TEXT("config", "%1 does not divide d_model %2; use %3, or give head_dim"))
                                           .arg(3)
                                           .arg(8)
                                           .arg(alternatives(std::vector<std::string>{"1", "2"})));
        QCOMPARE(shown(message).count('['), 3);  // the place, the sentence and the list
        QVERIFY(shown(message).contains("model.num_heads") && !shown(message).contains("divide"));
        const Message plural = Message(LAB_PLURAL("io", "%n word(s) do not fit model.vocab_size %1")).count(2).arg(1);
        QVERIFY2(shown(plural).startsWith("[2 ") && !shown(plural).contains("word"), qPrintable(shown(plural)));
        QCoreApplication::removeTranslator(&locale);
        QVERIFY(shown(message).contains("3 does not divide d_model 8; use 1 or 2, or give head_dim"));
    }

    /// For whoever wants to look at the window in it: lrelease makes what QTranslator::load() reads.
    void thePseudoLocaleIsAFile() {
        const QString path = LAB_BINARY_DIR "/attention-lab_qps.ts";
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        writePseudoFile(file, m_found.sentences);
        file.close();
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(sentencesOfFile(file).size(), m_found.sentences.size());
    }

private:
    FoundSentences m_found;
};

QTEST_GUILESS_MAIN(TranslationsTest)
#include "translations_test.moc"
