#include "ui/pages/codes/codes_state.h"

#include <QJsonDocument>
#include <QSignalSpy>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"

using namespace lab;

namespace {

constexpr auto otherSlot = CodesState::Slot::other;

}  // namespace

class CodesStateTest : public QObject {
    Q_OBJECT

private slots:
    void itBeginsWithTheExampleOfDigits() {
        const CodesState state;
        QCOMPARE(state.sequence().symbols, (goedel::Symbols{3, 1, 4, 1, 5, 9, 2, 6}));
        QCOMPARE(state.sequence().alphabet->id(), std::string("digits"));
        QVERIFY(state.problem().isEmpty());
        QVERIFY(state.notes().isEmpty());
    }

    void whatCannotBeReadLeavesTheSequence() {
        CodesState state;
        QSignalSpy changed(&state, &CodesState::changed);
        state.type(QStringLiteral("1 2 x"));
        QVERIFY2(state.problem().contains(QLatin1Char('x')), qPrintable(state.problem()));
        QCOMPARE(state.typed(), QStringLiteral("1 2 x"));
        QCOMPARE(state.sequence().length(), std::size_t{8});
        QCOMPARE(changed.count(), 1);
        state.type(QStringLiteral("1 2"));
        QVERIFY(state.problem().isEmpty());
        QCOMPARE(state.sequence().symbols, (goedel::Symbols{1, 2}));
    }

    void everyAlphabetKeepsItsOwnText() {
        CodesState state;
        state.type(QStringLiteral("2 7 1 8"));
        state.type(QStringLiteral("5"), otherSlot);
        state.chooseAlphabet("letters");
        QVERIFY(state.sequence().alphabet->id() == "letters" && state.sequence().length() > 0);
        state.type(QStringLiteral("cab"));
        QCOMPARE(state.sequence().symbols, (goedel::Symbols{2, 0, 1}));
        state.chooseAlphabet("digits");
        QCOMPARE(state.sequence().symbols, (goedel::Symbols{2, 7, 1, 8}));
        QCOMPARE(state.sequence(otherSlot).symbols, (goedel::Symbols{5}));
        state.chooseAlphabet("letters");
        QCOMPARE(state.sequence().symbols, (goedel::Symbols{2, 0, 1}));
    }

    void theColumnStaysInsideTheSequence() {
        CodesState state;
        state.setColumn(5);
        QCOMPARE(state.value().column, std::size_t{5});
        state.type(QStringLiteral("3 1"));
        QCOMPARE(state.value().column, std::size_t{1});
        state.setColumn(99);
        QCOMPARE(state.value().column, std::size_t{1});
        state.type(QString());
        QCOMPARE(state.sequence().length(), std::size_t{0});
        QCOMPARE(state.value().column, std::size_t{0});
    }

    void notesBringItBack() {
        CodesState state;
        state.type(QStringLiteral("2 7 1 8"));
        state.chooseAlphabet("letters");
        state.type(QStringLiteral("sum"));
        state.type(QStringLiteral("of"), otherSlot);
        state.setColumn(2);
        CodesValue value = state.value();
        value.operation = NumberOperation::replace;
        value.variable = QStringLiteral("x\u2032");
        value.proof = QStringLiteral("0=0");
        state.set(value);
        state.judge(std::string(goedel::parallels().front().id), goedel::Judgement::isFalse);
        const QByteArray written = QJsonDocument(state.notes()).toJson();
        CodesState other;
        other.takeNotes(QJsonDocument::fromJson(written).object());
        QVERIFY(other.value() == state.value());
        QCOMPARE(other.sequence().symbols, state.sequence().symbols);
        QCOMPARE(other.sequence(otherSlot).symbols, state.sequence(otherSlot).symbols);
        other.takeNotes({});
        QVERIFY(other.value() == CodesValue());
        QVERIFY(other.notes().isEmpty());
    }

    void spoiltNotesArePutRight() {
        CodesState state;
        state.takeNotes({{QStringLiteral("alphabet"), QStringLiteral("runes")},
                         {QStringLiteral("sequences"), QJsonObject{{QStringLiteral("digits"), QStringLiteral("one two")}}},
                         {QStringLiteral("column"), 1000},
                         {QStringLiteral("operation"), 77},
                         {QStringLiteral("judged"), QJsonObject{{QStringLiteral("nobody says this"), 1}}}});
        QCOMPARE(state.value().alphabet, std::string("digits"));
        QCOMPARE(state.sequence().length(), std::size_t{8});
        QVERIFY(state.problem().isEmpty());
        QCOMPARE(state.value().column, std::size_t{7});
        QVERIFY(state.value().judged.empty());
        QVERIFY(static_cast<int>(state.value().operation) < numberOperations);
    }

    void notesTakeBackWhatIsWrongInTheField() {
        CodesState state;
        state.type(QStringLiteral("x"));
        QVERIFY(!state.problem().isEmpty());
        state.takeNotes({});
        QVERIFY(state.problem().isEmpty());
        QCOMPARE(state.sequence().length(), std::size_t{8});
    }

    void theWordsOfTheRunFollowItsInput() {
        CodesState state;
        Workspace workspace;
        Focus focus;
        state.follow(focus);
        QVERIFY(!state.whyNoWords().isEmpty());
        focus.setRun(workspace.add(smallTask(20)));
        state.follow(focus);
        QVERIFY2(state.whyNoWords().isEmpty(), qPrintable(state.whyNoWords()));
        state.chooseAlphabet(runAlphabet);
        QCOMPARE(state.sequence().symbols, focus.input().tokens);
        QCOMPARE(state.sequence().alphabet->size(),
                 focus.run()->dataset()->tokenizer().symbols() + (focus.run()->dataset()->tokenizer().special() ? 1 : 0));
        focus.showSample(1);
        state.follow(focus);
        QCOMPARE(state.sequence().symbols, focus.input().tokens);
        const goedel::Symbols before = state.sequence().symbols;
        state.type(QStringLiteral("0"));  // the input bar's, not the field's
        QCOMPARE(state.sequence().symbols, before);
    }
};

QTEST_MAIN(CodesStateTest)
#include "codes_state_test.moc"
