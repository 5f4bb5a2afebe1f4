#include <QBuffer>
#include <QDir>
#include <QSet>
#include <QTest>

#include "tests/ui/text/pseudo_locale.h"

using namespace lab;

namespace {

struct Entry {
    QString context, source, state;
    QStringList translations;
    bool plural = false;
};

std::vector<Entry> entriesOf(QIODevice& ts) {
    std::vector<Entry> entries;
    QXmlStreamReader xml(&ts);
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement) continue;
        if (xml.name() == QLatin1String("name")) context = xml.readElementText();
        if (xml.name() == QLatin1String("message"))
            entries.push_back({context, {}, {}, {}, xml.attributes().value("numerus") == QLatin1String("yes")});
        if (xml.name() == QLatin1String("source")) entries.back().source = xml.readElementText();
        if (xml.name() == QLatin1String("translation")) {
            entries.back().state = xml.attributes().value("type").toString();
            if (!entries.back().plural) entries.back().translations << xml.readElementText();
        }
        if (xml.name() == QLatin1String("numerusform")) entries.back().translations << xml.readElementText();
    }
    if (xml.hasError()) entries.push_back({"the file", xml.errorString(), "unreadable", {}, false});
    return entries;
}

/// What stands in a text and has to stand in its translation, in whatever order.
QStringList partsOf(const QString& text, const QString& pattern) {
    static QHash<QString, QRegularExpression> known;
    QRegularExpression& expression = known[pattern];
    if (expression.pattern().isEmpty()) {
        expression.setPattern(pattern);
        expression.setPatternOptions(QRegularExpression::UseUnicodePropertiesOption);
    }
    QStringList parts;
    for (auto all = expression.globalMatch(text); all.hasNext();) parts << all.next().captured();
    parts.sort();
    return parts;
}

/// Why a translation cannot stand for its source; empty when it can.
QString wrongOf(const QString& source, const QString& translation) {
    struct Rule {
        const char *what, *pattern;
    };
    static const Rule rules[] = {{"places", "%L?[1-9]"},        {"tags", "</?[a-z][^>]*>"},
                                 {"code", "`[^`]*`"},           {"the patterns of a file dialog", R"(\(\*[^)]*\))"},
                                 {"the number of lines", "\n"}, {"the letter for the keyboard", R"(&(?=\w)(?!\w+;))"}};
    if (translation.trimmed().isEmpty()) return "nothing";
    for (const Rule& rule : rules) {
        // A place may be said twice.
        QStringList asked = partsOf(source, rule.pattern), given = partsOf(translation, rule.pattern);
        if (*rule.pattern == '%') asked.removeDuplicates(), given.removeDuplicates();
        if (asked != given) return rule.what;
    }
    return {};
}

/// One line for everything that keeps a file from being a whole language.
QStringList complaintsAbout(QIODevice& ts, const QVector<FoundSentence>& sentences) {
    QSet<std::pair<QString, QString>> wanted;
    for (const FoundSentence& each : sentences) wanted.insert({each.context, each.source});
    qsizetype forms = 0;
    QStringList complaints;
    for (const Entry& entry : entriesOf(ts)) {
        const QString where = entry.context + ": " + entry.source;
        if (!entry.state.isEmpty()) complaints << entry.state + ": " + where;
        if (!wanted.remove({entry.context, entry.source})) complaints << "not asked for: " + where;
        if (!entry.state.isEmpty()) continue;
        if (entry.plural && forms == 0) forms = entry.translations.size();
        if (entry.translations.size() != (entry.plural ? forms : 1)) complaints << "not all plurals: " + where;
        for (const QString& translation : entry.translations)
            if (const QString wrong = wrongOf(entry.source, translation); !wrong.isEmpty()) complaints << "other " + wrong + ": " + where;
        // In the form for one the number may be a word.
        if (entry.plural && entry.source.contains("%n") && !entry.translations.back().contains("%n")) complaints << "no %n: " + where;
        if (entry.plural && entry.translations.join(' ').contains("(s)")) complaints << "an (s): " + where;
    }
    for (const auto& [context, source] : std::as_const(wanted)) complaints << "missing: " + context + ": " + source;
    return complaints;
}

QString fileOf(const QString& messages) {
    return "<TS><context><name>a</name>" + messages + "</context></TS>";
}

QString message(const QString& source, const QString& translation) {
    return QString("<message><source>%1</source><translation>%2</translation></message>")
        .arg(source.toHtmlEscaped(), translation.toHtmlEscaped());
}

}  // namespace

/// What translators wrote is whole.
class LanguageFilesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        const auto found = findSentences(LAB_SOURCE_DIR);
        if (!found) {
            QVERIFY2(!qEnvironmentVariableIsSet("CI"), "lupdate is not installed");
            QSKIP("lupdate is not installed");
        }
        m_sentences = found->sentences;
        QVERIFY(m_sentences.size() > 8000);
    }

    void whatIsWrongIsFound_data() {
        QTest::addColumn<QString>("messages");
        QTest::addColumn<QString>("complaint");
        const QString unfinished = R"(<message><source>%1 of %2</source><translation type="unfinished"></translation></message>)";
        QTest::newRow("whole") << message("%1 of %2", "von %2 %1") << "";
        QTest::newRow("unfinished") << unfinished << "unfinished: a: %1 of %2";
        QTest::newRow("obsolete") << QString(unfinished).replace("unfinished", "vanished") << "vanished: a: %1 of %2";
        QTest::newRow("missing") << ""
                                 << "missing: a: %1 of %2";
        QTest::newRow("of another program") << message("%1 of %2", "von %2 %1") + message("Hi", "Hallo") << "not asked for: a: Hi";
        QTest::newRow("a place lacks") << message("%1 of %2", "%1 von") << "other places: a: %1 of %2";
        QTest::newRow("a tag more") << message("%1 of %2", "<b>%1</b> von %2") << "other tags: a: %1 of %2";
        QTest::newRow("empty") << message("%1 of %2", " ") << "other nothing: a: %1 of %2";
        QTest::newRow("a letter more") << message("%1 of %2", "%1 &von %2") << "other the letter for the keyboard: a: %1 of %2";
    }
    void whatIsWrongIsFound() {
        QFETCH(const QString, messages);
        QFETCH(const QString, complaint);
        QByteArray bytes = fileOf(messages).toUtf8();
        QBuffer ts(&bytes);
        QVERIFY(ts.open(QIODevice::ReadOnly));
        QCOMPARE(complaintsAbout(ts, {{"a", "%1 of %2", false}}).join('\n'), complaint);
    }

    void everyPluralHasAllItsForms() {
        const QString two =
            "<message numerus=\"yes\"><source>%n run(s)</source><translation><numerusform>ein Lauf</numerusform>"
            "<numerusform>%n L\u00E4ufe</numerusform></translation></message>";
        const QString one =
            "<message numerus=\"yes\"><source>%n step(s)</source><translation><numerusform>Schritt(s)</numerusform>"
            "</translation></message>";
        QByteArray bytes = fileOf(two + one).toUtf8();
        QBuffer ts(&bytes);
        QVERIFY(ts.open(QIODevice::ReadOnly));
        QCOMPARE(complaintsAbout(ts, {{"a", "%n run(s)", true}, {"a", "%n step(s)", true}}),
                 QStringList({"not all plurals: a: %n step(s)", "no %n: a: %n step(s)", "an (s): a: %n step(s)"}));
    }

    /// A third language, made as CONTRIBUTING.md says, is whole.
    void thePseudoLocaleIsWhole() {
        QByteArray bytes;
        QBuffer ts(&bytes);
        QVERIFY(ts.open(QIODevice::ReadWrite));
        writePseudoFile(ts, m_sentences);
        ts.seek(0);
        QStringList complaints = complaintsAbout(ts, m_sentences);
        complaints.removeIf([](const QString& each) { return each.startsWith("an (s)"); });  // it writes what it finds
        QCOMPARE(complaints.join('\n'), QString());
    }

    void everyLanguageIsWhole_data() {
        QTest::addColumn<QString>("file");
        const QDir folder(LAB_SOURCE_DIR "/resources/translations");
        QVERIFY(folder.exists("attention-lab_de.ts"));
        for (const QString& name : folder.entryList({"attention-lab_*.ts"})) QTest::newRow(qPrintable(name)) << folder.filePath(name);
    }
    void everyLanguageIsWhole() {
        QFETCH(const QString, file);
        QFile ts(file);
        QVERIFY(ts.open(QIODevice::ReadOnly));
        const QStringList complaints = complaintsAbout(ts, m_sentences);
        const QString first = complaints.mid(0, 40).join('\n');
        QVERIFY2(complaints.isEmpty(), qPrintable(QString("%1 complaints, the first are:\n%2").arg(complaints.size()).arg(first)));
    }

private:
    QVector<FoundSentence> m_sentences;
};

QTEST_GUILESS_MAIN(LanguageFilesTest)
#include "language_files_test.moc"
