#include "core/learn/questions.h"
#include "core/learn/expression.h"

#include <QRegularExpression>
#include <QtTest>

#include <set>

#include "core/base/errors.h"

using namespace lab;

namespace {

QString file(const QString& question) {
    return QStringLiteral(R"({"format": "attention-lab/questions", "version": 1, "topic": "T", "questions": [%1]})").arg(question);
}

QString problemOf(const QString& text) {
    try {
        parseQuestions(text.toStdString());
        return {};
    } catch (const InputError& error) {
        return QString::fromStdString(error.what());
    }
}

/// The decimals that an answer says, as it says them: "0.9456".
QStringList decimalsOf(const std::string& answer) {
    static const QRegularExpression decimal(QStringLiteral("\\d*\\.\\d+"));
    QStringList all;
    for (auto found = decimal.globalMatch(QString::fromStdString(answer)); found.hasNext();) all << found.next().captured();
    return all;
}

}  // namespace

class QuestionsTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsWrongIsNamed_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("no JSON") << "{"
                                 << "questions: not JSON";
        QTest::newRow("another file") << R"({"format": "attention-lab/experiment", "version": 1})"
                                      << "expected attention-lab/questions, version 1";
        QTest::newRow("no id") << file(R"({"ask": "?"})") << "questions[0].id: missing";
        QTest::newRow("a number") << file(R"({"id": 3})") << "questions[0].id: expected a text";
        QTest::newRow("no answer") << file(R"({"id": "a", "ask": "?"})") << "questions[0].answer: missing";
        QTest::newRow("no target") << file(R"({"id": "a", "ask": "?", "answer": "b"})") << "questions[0].show: missing";
        QTest::newRow("two targets") << file(R"({"id": "a", "ask": "?", "answer": "b", "show": {"place": "train", "example": "cat"}})")
                                     << "questions[0].show: expected one of";
        QTest::newRow("a preset alone") << file(R"({"id": "a", "ask": "?", "answer": "b", "show": {"preset": "reverse"}})")
                                        << "questions[0].show: expected one of";
        QTest::newRow("a mistyped key") << file(R"({"id": "a", "aks": "?", "ask": "?", "answer": "b", "show": {"place": "train"}})")
                                        << "questions[0].aks: unknown key";
        QTest::newRow("pending without example")
            << file(R"({"id": "a", "ask": "?", "answer": "b", "show": {"place": "train"}, "pending": 25})")
            << "questions[0].example: missing";
        QTest::newRow("a number from nowhere")
            << file(R"({"id": "a", "ask": "?", "answer": "b", "show": {"place": "train"}, "numbers": [{"said": "1.5"}]})")
            << "questions[0].numbers: expected either";
        QTest::newRow("a list of numbers") << file(R"([1])") << "questions[0]: expected an object";
    }
    void whatIsWrongIsNamed() {
        QFETCH(QString, text);
        QFETCH(QString, sentence);
        QVERIFY2(problemOf(text).contains(sentence), qPrintable(problemOf(text)));
    }

    void aQuestionIsReadWhole() {
        const std::vector<LearnerQuestion> read = parseQuestions(
            file(R"({"id": "a", "ask": "Why?", "also": ["how come"], "answer": "So.", "numbers": [{"said": "2", "is": "1 + 1"}],
                     "show": {"preset": "reverse", "place": "explain?stage=mix"}, "pending": 25, "example": "1 + 1 = 2"})")
                .toStdString());
        QCOMPARE(read.size(), std::size_t{1});
        QCOMPARE(read[0].topic, std::string("T"));
        QCOMPARE(read[0].also, std::vector<std::string>{"how come"});
        QCOMPARE(read[0].numbers.at(0).is, std::string("1 + 1"));
        QVERIFY((read[0].show == QuestionTarget{"reverse", "", "", "explain?stage=mix"}));
        QCOMPARE(read[0].pending, 25);
    }

    void eachIsAnsweredInThreeSentences() {
        std::set<std::string> ids, asked;
        for (const LearnerQuestion& question : learnerQuestions()) {
            const QString answer = QString::fromStdString(question.answer);
            const auto sentences = answer.count(QRegularExpression(QStringLiteral("[.?!](\\s|$)")));
            QVERIFY2(sentences == 3, qPrintable(QString::fromStdString(question.id) + ": " + answer));
            QVERIFY2(ids.insert(question.id).second && asked.insert(question.ask).second, question.id.c_str());
            QVERIFY2(question.also.size() >= 2, question.id.c_str());
            QVERIFY2(QString::fromStdString(question.ask).endsWith('?'), question.ask.c_str());
        }
    }

    /// To the digits that are said; what was measured names its source.
    void everyNumberSaidIsComputed() {
        for (const LearnerQuestion& question : learnerQuestions()) {
            QStringList computed;
            for (const SaidNumber& number : question.numbers) {
                const QString said = QString::fromStdString(number.said);
                computed << said << QString::fromStdString(number.is);  // and what it is calculated of
                if (!number.source.empty()) continue;
                const int decimals = said.contains('.') ? static_cast<int>(said.size() - said.indexOf('.') - 1) : 0;
                const double value = calculated(number.is), written = QString(said).remove(' ').replace(QChar(0x2212), '-').toDouble();
                QVERIFY2(std::abs(value - written) <= 0.5000001 * std::pow(10.0, -decimals),
                         qPrintable(QString("%1: %2 is %3").arg(QString::fromStdString(question.id), said).arg(value, 0, 'g', 8)));
                QVERIFY2(question.answer.find(number.said) != std::string::npos || question.example.find(number.said) != std::string::npos,
                         qPrintable(QString::fromStdString(question.id) + " does not say " + said));
            }
            for (const QString& decimal : decimalsOf(question.answer))
                QVERIFY2(computed.filter(decimal).size() > 0,
                         qPrintable(QString::fromStdString(question.id) + ": nothing computes " + decimal));
        }
    }

    /// What waits for its page is listed; each of these issues clears its own.
    void onlyWhatHasNoPageYetIsPending() {
        for (const LearnerQuestion& question : learnerQuestions())
            QVERIFY2(question.pending == 0 || (question.pending >= 25 && question.pending <= 28), question.id.c_str());
    }
};

QTEST_APPLESS_MAIN(QuestionsTest)
#include "questions_test.moc"
