#include "core/base/message.h"

#include <QTest>

#include "core/base/errors.h"

using namespace lab;

namespace {

/// Sentences of this test in the language that reads everything backwards: %2 before %1.
std::string swapped(const SourceText& source, std::optional<std::int64_t> count) {
    if (source == LAB_TEXT("test", "%1 before %2")) return "%2 nach %1";
    if (source == LAB_PLURAL("test", "%n run(s) of %1")) return "%1: " + std::to_string(count.value()) + " Laeufe";
    return englishText(source, count);
}

}  // namespace

class MessageTest : public QObject {
    Q_OBJECT

private slots:
    void argumentsFillTheirPlaces() {
        const Message message = Message(LAB_TEXT("test", "%1 does not divide %2; use %1 or %3")).arg(3).arg(std::string("8")).arg(0.5);
        QCOMPARE(message.english(), std::string("3 does not divide 8; use 3 or 0.5"));
        QCOMPARE(message.arguments().size(), std::size_t{3});
        QCOMPARE(Message(LAB_TEXT("test", "100 % of %1")).arg(std::size_t{7}).english(), std::string("100 % of 7"));
    }

    void perCentSignsOfArgumentsAreLeftAlone() {
        const Message message = Message(LAB_TEXT("test", "%1 before %2")).arg("%2").arg("%1 %n");
        QCOMPARE(message.english(), std::string("%2 before %1 %n"));
    }

    void englishPluralsGoByTheCount() {
        const auto runs = [](std::int64_t n) { return Message(LAB_PLURAL("test", "%n run(s) of %1")).arg("x").count(n).english(); };
        QCOMPARE(runs(1), std::string("1 run of x"));
        QCOMPARE(runs(0), std::string("0 runs of x"));
        QCOMPARE(runs(1200), std::string("1200 runs of x"));
    }

    void aTranslatorSeesSourceTextsAndOrdersArguments() {
        const Message inner = Message(LAB_TEXT("test", "%1 before %2")).arg("a").arg("b");
        QCOMPARE(inner.in(swapped), std::string("b nach a"));
        const Message outer = Message(LAB_PLURAL("test", "%n run(s) of %1")).arg(inner).count(2);
        QCOMPARE(outer.in(swapped), std::string("b nach a: 2 Laeufe"));
        QCOMPARE(outer.english(), std::string("2 runs of a before b"));
    }

    void aVerbatimTextIsNotTranslated() {
        const Message name = Message::verbatim("%1 before %2");
        QVERIFY(name.isVerbatim() && !name.empty());
        QCOMPARE(name.in(swapped), std::string("%1 before %2"));
        QVERIFY(Message().empty());
        QVERIFY(Message::verbatim({}).empty());
    }

    void sentencesFollowEachOther() {
        const Message first = LAB_TEXT("test", "One.");
        const Message second = Message::verbatim("Two.");
        QCOMPARE(Message::joined({first, Message(), second}).english(), std::string("One. Two."));
        QCOMPARE(Message::joined({first, second}, "\n").english(), std::string("One.\nTwo."));
        QCOMPARE(Message::joined({Message(), first}), first);
        QVERIFY(Message::joined({}).empty());
    }

    void listsHaveCommasAndAnOr() {
        const std::vector<std::string> words = {"1", "2", "4"};
        QCOMPARE(alternatives(words).english(), std::string("1, 2 or 4"));
        QCOMPARE(listed(words).english(), std::string("1, 2, 4"));
        QCOMPARE(together(words).english(), std::string("1, 2 and 4"));
        QCOMPARE(alternatives(std::vector<std::string>{"1"}).english(), std::string("1"));
        QVERIFY(alternatives(std::vector<std::string>{}).empty());
        QCOMPARE(alternatives({Message(LAB_TEXT("test", "One.")), Message::verbatim("2")}).english(), std::string("One. or 2"));
    }

    void messagesAreEqualWhenTheySayTheSame() {
        const auto make = [](int value) { return Message(LAB_TEXT("test", "at least %1")).arg(value); };
        QCOMPARE(make(1), make(1));
        QVERIFY(!(make(1) == make(2)));
        QVERIFY(!(Message(LAB_TEXT("test", "One.")) == Message(LAB_TEXT("other", "One."))));
        QVERIFY(!(Message(LAB_TEXT("test", "One.")) == Message::verbatim("One.")));
    }

    void placesAreCounted() {
        QCOMPARE(placesOf("none, 5 %, %n"), 0);
        QCOMPARE(placesOf("%2 and %1 and %2"), 2);
        QCOMPARE(placesOf("%1 and %3"), -1);
        QCOMPARE(placesOf("%2"), -1);
        QCOMPARE(placesOf("%1%2%3%4%5%6%7%8%9"), 9);
    }

    void anInputErrorCarriesItsSentence() {
        const InputError error("model.num_heads", Message(LAB_TEXT("test", "%1 before %2")).arg(3).arg(8));
        QCOMPARE(std::string(error.what()), std::string("model.num_heads: 3 before 8"));
        QCOMPARE(error.message().in(swapped), std::string("model.num_heads: 8 nach 3"));
        const InputError around("file.json", error.message());
        QCOMPARE(std::string(around.what()), std::string("file.json: model.num_heads: 3 before 8"));
        QCOMPARE(withoutPlace(around.message(), "file.json"), error.message());
        QCOMPARE(withoutPlace(around.message(), "model.num_heads"), around.message());
        QCOMPARE(withoutPlace(Message(), "file.json"), Message());
        QCOMPARE(InputError(LAB_TEXT("test", "One.")).message(), Message(LAB_TEXT("test", "One.")));
    }

    void anExceptionOfAnyKindSaysSomething() {
        const InputError input(LAB_TEXT("test", "One."));
        QCOMPARE(messageOf(static_cast<const std::exception&>(input)), input.message());
        const DivergenceError divergence(3, Message::verbatim("loss"));
        QCOMPARE(messageOf(static_cast<const std::exception&>(divergence)), divergence.message());
        QCOMPARE(messageOf(std::runtime_error("of another library")), Message::verbatim("of another library"));
    }

    void aDivergenceNamesStepAndTensor() {
        const DivergenceError error(12, Message::verbatim("loss"));
        QCOMPARE(std::string(error.what()), std::string("Step 12: loss is not finite."));
        QCOMPARE(error.tensor().english(), std::string("loss"));
        QCOMPARE(error.message().english(), std::string(error.what()));
    }
};

QTEST_APPLESS_MAIN(MessageTest)
#include "message_test.moc"
