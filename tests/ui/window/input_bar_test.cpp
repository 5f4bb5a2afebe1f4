#include "ui/window/input_bar.h"

#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QtTest>

#include "core/analysis/likeliest.h"
#include "core/base/errors.h"
#include "core/data/pairs_dataset.h"
#include "core/model/trace.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/runs/comparison.h"
#include "ui/runs/token_text.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/token_strip.h"
#include "ui/window/compare_row.h"
#include "ui/window/likely_row.h"
#include "ui/window/own_input.h"

using namespace lab;

namespace {

/// The bar beside a run of this task.
struct BarDesk {
    explicit BarDesk(const LoadedTask& task) { focus.setRun(workspace.add(task)); }

    Workspace workspace;
    Focus focus;
    InputBar bar{focus};
};

QString refusalOf(const OwnInput& own, const QString& line) {
    try {
        own.inputFor(own.parse(line));
        return {};
    } catch (const InputError& error) {
        return QString::fromUtf8(error.what());
    }
}

LoadedTask taskOf(Kind<TaskSpec> kind, Architecture architecture = Architecture::encoder) {
    Experiment experiment = smallTask().experiment;
    experiment.task.kind = kind;
    experiment.model.architecture = architecture;
    experiment.model.vocab_size.reset();
    experiment.model.num_classes.reset();
    experiment.model.max_seq_len.reset();
    experiment.model.num_decoder_layers.reset();
    return loadTask(experiment, {});
}

/// Words in and words out, of unequal lengths, behind BOS up to EOS.
LoadedTask translationTask() {
    Experiment experiment = smallTask(400).experiment;
    experiment.task.kind = "pairs";
    experiment.task.path = "words.tsv";
    experiment.task.validation_size.reset();
    experiment.model.architecture = Architecture::encoder_decoder;
    for (auto* derived :
         {&experiment.model.vocab_size, &experiment.model.num_classes, &experiment.model.max_seq_len, &experiment.model.num_decoder_layers})
        derived->reset();
    std::string pairs;
    for (int i = 0; i < 8; ++i) pairs += "a b\tBOS A B C\tA B C EOS\nb\tBOS B\tB EOS\n";
    experiment.training.batch_size = 8;
    return loadPairs(experiment, PairsTexts{pairs, {}});
}

/// Decoder that says after each token which comes next.
LoadedTask continuingTask(PositionKind position = PositionKind::sinusoidal) {
    Experiment experiment = taskOf("repeat", Architecture::decoder).experiment;
    experiment.model.position.kind = position;
    return loadTask(experiment, {});
}

std::vector<int> behindBegin(const Input& input) {
    return {input.targetTokens.begin() + 1, input.targetTokens.end()};
}

/// What a decoder that said this has read.
std::vector<int> withoutLast(const std::vector<int>& said) {
    return {said.begin(), said.end() - 1};
}

}  // namespace

class InputBarTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }
    void readsTokensHoweverTheyAreWritten();
    void refusesInOneClearSentence();
    void theAnswerToOwnInputIsKnown();
    void showsWhichAnswersAreRight();
    void oneTokenIsEditedInPlace();
    void aBadTokenIsExplained();
    void aTypedLineBecomesTheInput();
    void escapeLeavesEverything();
    void decoderFramesWhatIsTyped();
    void theSeparatorIsUnderstoodWhereItStands();
    void samplesAreTurned();
    void aDecodersAnswerIsWrittenOutAtTheHandsWish();
    void aTypedSourceIsAnsweredAtOnceAndItsMapGrows();
    void theAnswerToATypedSourceFollowsTheModel();
    void whatATaskKnowsIsSaidOfATypedSource();
    void anAnswerBehindAPromptIsShownNotContinued();
    void aTextIsContinuedAtTheHandsWish();
    void aTextEndsWhereTheModelHasNoMorePlaces();
    void theLikeliestTokensStandUnderAChosenPosition();
    void theLikeliestTokensFollowATextThatGrows();
    void noSentenceSurvivesItsRun();
    void tokensAreInsertedAndDeletedByKeys();
    void whatStandsBehindSepFollows();
    void aMaskedTokenIsHiddenAndComparedWithWhatWas();
    void anInputIsKeptBesideOthers();
    void buttonsWithoutRoomStandInAMenu();
};

void InputBarTest::readsTokensHoweverTheyAreWritten() {
    Workspace workspace;
    const OwnInput own(*workspace.add(smallTask()));
    const std::vector<int> expected{3, 1, 4, 1};
    for (const char* line : {"3 1 4 1", "3,1,4,1", " 3141 ", "[3, 1, 4, 1]", "3;1\t4\n1"})
        QCOMPARE(own.parse(QLatin1String(line)), expected);
    QCOMPARE(own.tokenLength(), 1);
    QCOMPARE(own.text(4), QStringLiteral("4"));
}

void InputBarTest::refusesInOneClearSentence() {
    Workspace workspace;
    const OwnInput own(*workspace.add(smallTask()));
    QVERIFY(refusalOf(own, "1 2 7").contains("Token 2 is 7"));
    QVERIFY(refusalOf(own, "1 2 7").contains("0 to 4"));
    QVERIFY(refusalOf(own, "9 2 7").contains("Token 0 is 9; Token 2 is 7; this run knows"));
    QVERIFY(refusalOf(own, "1 cat").contains("token 1: 'cat' is not an integer; this run knows integers 0 to 4"));
    QVERIFY(!refusalOf(own, "").isEmpty());
    QVERIFY(!refusalOf(own, "-1").isEmpty());
    QVERIFY(!refusalOf(own, "99999999999999999999 x").isEmpty());
    for (const char* text : {"a", "", "7", "-1"}) QVERIFY_THROWS_EXCEPTION(InputError, own.parseToken(text));
    QCOMPARE(own.parseToken("4"), 4);
    const OwnInput swap(*workspace.add(taskOf("swap")));
    QVERIFY(refusalOf(swap, "1 2 3").contains("3 is odd"));
    const OwnInput repeat(*workspace.add(taskOf("repeat", Architecture::decoder)));
    QVERIFY(refusalOf(repeat, "1 2 3").isEmpty());  // a next token follows any sequence
    QVERIFY(refusalOf(swap, "1 2 3 4").isEmpty());
    QVERIFY(refusalOf(own, QString("1 ").repeated(maxTraceLength + 1)).contains("2048"));
}

void InputBarTest::theAnswerToOwnInputIsKnown() {
    Workspace workspace;
    const OwnInput own(*workspace.add(smallTask()));
    const Input input = own.inputFor({1, 2, 3});
    QCOMPARE(input.targets, (std::vector<int>{3, 2, 1}));
    QCOMPARE(own.withToken(input, 0, 4).targets, (std::vector<int>{3, 2, 4}));
}

void InputBarTest::showsWhichAnswersAreRight() {
    Workspace workspace;
    Focus focus;
    Run* run = workspace.add(smallTask(600));
    focus.setRun(run);
    InputBar bar(focus);
    QTRY_COMPARE(bar.strip().predictions().size(), std::size_t{6});
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    QTRY_COMPARE(focus.traceStep(), 600);
    const std::vector<int> said = predictions(*focus.trace());
    int right = 0;
    for (std::size_t i = 0; i < 6; ++i) {
        const bool isRight = said[i] == focus.input().targets[i];
        right += isRight;
        const PredictionChip& chip = bar.strip().predictions()[i];
        QCOMPARE(chip.text, QString::number(said[i]));
        QCOMPARE(chip.verdict, isRight ? PredictionChip::Verdict::right : PredictionChip::Verdict::wrong);
    }
    QCOMPARE(bar.verdict(), QStringLiteral("%1 of 6 right").arg(right));
}

void InputBarTest::oneTokenIsEditedInPlace() {
    BarDesk desk(smallTask());
    auto& [workspace, focus, bar] = desk;
    bar.resize(1280, bar.height());
    bar.show();
    std::vector<int> expected = focus.input().tokens;
    QTest::mouseClick(&bar.strip(), Qt::LeftButton, {}, bar.strip().tokenRect(1).center());
    auto* editor = bar.strip().findChild<QLineEdit*>();
    QVERIFY(editor);
    expected[1] = (expected[1] + 1) % 5;
    expected[2] = (expected[2] + 1) % 5;
    QTest::keyClicks(editor, QString::number(expected[1]));
    QCOMPARE(focus.sampleIndex(), -1);
    QVERIFY(bar.strip().isEditing());  // a digit is a token: on to the next
    QTest::keyClicks(bar.strip().findChild<QLineEdit*>(QString(), Qt::FindDirectChildrenOnly), QString());
    QLineEdit* next = nullptr;
    for (QLineEdit* each : bar.strip().findChildren<QLineEdit*>())
        if (each->isVisibleTo(&bar.strip())) next = each;
    QVERIFY(next);
    QTest::keyClicks(next, QString::number(expected[2]));
    QCOMPARE(focus.input().tokens, expected);
    QCOMPARE(focus.input().targets, std::vector<int>(expected.rbegin(), expected.rend()));
}

void InputBarTest::aBadTokenIsExplained() {
    BarDesk desk(smallTask());
    auto& [workspace, focus, bar] = desk;
    bar.resize(1280, bar.height());
    bar.show();
    QTest::mouseClick(&bar.strip(), Qt::LeftButton, {}, bar.strip().tokenRect(0).center());
    auto* editor = bar.strip().findChild<QLineEdit*>();
    QTest::keyClicks(editor, "8");
    QVERIFY2(bar.problem().contains("0 to 4"), qPrintable(bar.problem()));
    QTest::keyClick(editor, Qt::Key_Return);
    QVERIFY(bar.strip().isEditing());
    QCOMPARE(focus.sampleIndex(), 0);
    QTest::keyClick(editor, Qt::Key_Escape);
    QVERIFY(!bar.strip().isEditing());
    QVERIFY(bar.problem().isEmpty());
}

void InputBarTest::aTypedLineBecomesTheInput() {
    BarDesk desk(smallTask());
    auto& [workspace, focus, bar] = desk;
    bar.show();
    bar.typeInput();
    QVERIFY(bar.line().isVisible());
    QVERIFY(!bar.strip().isVisible());
    bar.line().setText("1 9");
    QTest::keyClick(&bar.line(), Qt::Key_Return);
    QVERIFY(bar.problem().contains("Token 1 is 9"));
    QVERIFY(bar.line().isVisible());
    bar.line().setText("1 2 2 3");
    QTest::keyClick(&bar.line(), Qt::Key_Return);
    QCOMPARE(focus.input().tokens, (std::vector<int>{1, 2, 2, 3}));
    QVERIFY(!bar.line().isVisible());
    QVERIFY(bar.strip().isVisible());
    QTRY_VERIFY(bar.verdict().endsWith("of 4 right"));
}

void InputBarTest::escapeLeavesEverything() {
    BarDesk desk(smallTask());
    auto& [workspace, focus, bar] = desk;
    bar.show();
    bar.typeInput();
    bar.line().setText("1 1");
    QTest::keyClick(&bar.line(), Qt::Key_Escape);
    QCOMPARE(focus.sampleIndex(), 0);
    QVERIFY(bar.strip().isVisible());
}

void InputBarTest::decoderFramesWhatIsTyped() {
    Workspace workspace;
    const OwnInput own(*workspace.add(taskOf("reverse", Architecture::decoder)));
    const Input input = own.inputFor({1, 2, 3});
    QCOMPARE(input.tokens, (std::vector<int>{1, 2, 3, 5, 3, 2, 1}));
    QCOMPARE(own.text(5), QStringLiteral("SEP"));
    QCOMPARE(own.typedPart(input), (std::vector<int>{1, 2, 3}));
    QVERIFY(refusalOf(own, "5").contains("0 to 4"));
    QCOMPARE(own.withToken(input, 1, 0).tokens, (std::vector<int>{1, 0, 3, 5, 3, 0, 1}));
}

void InputBarTest::theSeparatorIsUnderstoodWhereItStands() {
    Workspace workspace;
    const OwnInput decoder(*workspace.add(taskOf("reverse", Architecture::decoder)));
    QCOMPARE(decoder.parse("3 1 4 SEP"), (std::vector<int>{3, 1, 4}));
    QCOMPARE(decoder.parse("314 sep"), (std::vector<int>{3, 1, 4}));
    QVERIFY2(refusalOf(decoder, "3 1 SEP 1 3").startsWith("Behind SEP the model writes"), qPrintable(refusalOf(decoder, "3 1 SEP 1 3")));
    QVERIFY(refusalOf(decoder, "SEP").startsWith("Type some tokens"));
    QVERIFY_THROWS_EXCEPTION(InputError, decoder.parseToken("SEP"));
    const OwnInput twoSides(*workspace.add(taskOf("reverse", Architecture::encoder_decoder)));
    QVERIFY2(refusalOf(twoSides, "BOS 3 1").startsWith("BOS begins the decoder"), qPrintable(refusalOf(twoSides, "BOS 3 1")));
    const OwnInput encoder(*workspace.add(taskOf("reverse")));
    QVERIFY(refusalOf(encoder, "3 1 SEP").contains("token 2: 'SEP' is not an integer"));
}

void InputBarTest::samplesAreTurned() {
    BarDesk desk(smallTask());
    auto& [workspace, focus, bar] = desk;
    bar.nextSample();
    QCOMPARE(focus.sampleIndex(), 1);
    bar.previousSample();
    bar.previousSample();
    QCOMPARE(focus.sampleIndex(), 31);
    bar.shuffle();
    QVERIFY(focus.sampleIndex() >= 0 && focus.sampleIndex() < 32);
}

void InputBarTest::aDecodersAnswerIsWrittenOutAtTheHandsWish() {
    BarDesk desk(taskOf("reverse", Architecture::decoder));
    auto& [workspace, focus, bar] = desk;
    bar.show();
    const auto shown = [&] {
        const auto& chips = bar.strip().predictions();
        return std::count_if(chips.begin(), chips.end(), [](const PredictionChip& chip) { return !chip.text.isEmpty(); });
    };
    QTRY_COMPARE(shown(), std::ptrdiff_t{6});
    QTRY_VERIFY(bar.verdict().endsWith("of 6 right"));
    bar.writeOut();
    QVERIFY(bar.isWriting());
    QCOMPARE(shown(), std::ptrdiff_t{1});
    QVERIFY(bar.verdict().endsWith("of 1 right so far"));
    QTRY_COMPARE(shown(), std::ptrdiff_t{2});
    QTRY_COMPARE(shown(), std::ptrdiff_t{6});
    QVERIFY(!bar.isWriting());
    QVERIFY(bar.verdict().endsWith("of 6 right"));
    bar.writeOut();
    bar.writeOut();  // once more: all of it at once
    QCOMPARE(shown(), std::ptrdiff_t{6});
    bar.writeOut();
    focus.showSample(3);
    QVERIFY(!bar.isWriting());
    focus.setRun(workspace.add(smallTask()));
    bar.writeOut();  // an encoder says all at once
    QVERIFY(!bar.isWriting());
}

void InputBarTest::aTypedSourceIsAnsweredAtOnceAndItsMapGrows() {
    BarDesk desk(translationTask());
    auto& [workspace, focus, bar] = desk;
    bar.show();
    std::vector<std::size_t> rows;  // of the cross-attention's maps
    connect(&focus, &Focus::traceChanged, &bar, [&] {
        if (focus.sampleIndex() < 0 && focus.trace())
            rows.push_back(static_cast<std::size_t>(focus.trace()->at("decoder.0.cross_attention.weights").extent(1)));
    });
    bar.typeInput();
    bar.line().setText("b a b");
    QTest::keyClick(&bar.line(), Qt::Key_Return);
    QCOMPARE(focus.input().targetTokens.size(), std::size_t{1});
    QCOMPARE(tokenText(*focus.run()->dataset(), focus.input().targetTokens[0]), QStringLiteral("BOS"));
    QTRY_VERIFY(bar.isWriting());
    QTRY_VERIFY(!bar.isWriting());
    QVERIFY(!rows.empty() && rows.front() == 1 && rows.back() == focus.input().targetTokens.size());
    for (std::size_t i = 1; i < rows.size(); ++i) QVERIFY(rows[i] <= rows[i - 1] + 1);
    QCOMPARE(behindBegin(focus.input()), withoutLast(focus.answer()));
    QVERIFY(focus.answer().size() <= 4);  // no answer of the file is longer
    bar.writeOut();                       // once more
    QCOMPARE(focus.input().targetTokens.size(), std::size_t{1});
    QVERIFY(bar.isWriting());
    bar.nextSample();
    QVERIFY(!bar.isWriting());
    QCOMPARE(focus.input().targetTokens, focus.run()->dataset()->validationSample(0).targetTokens);
}

void InputBarTest::theAnswerToATypedSourceFollowsTheModel() {
    Workspace workspace;
    Focus focus;
    Run* run = workspace.add(translationTask());
    focus.setRun(run);
    InputBar bar(focus);
    bar.show();
    bar.typeInput();
    bar.line().setText("a b");
    QTest::keyClick(&bar.line(), Qt::Key_Return);
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    const auto said = [&] {
        QStringList words;
        for (const int token : focus.answer()) words << tokenText(*run->dataset(), token);
        return words.join(QLatin1Char(' '));
    };
    QTRY_COMPARE(said(), QStringLiteral("A B C EOS"));
    QTRY_COMPARE(behindBegin(focus.input()), withoutLast(focus.answer()));
    focus.showStep(0);  // it said something else then
    QTRY_COMPARE(focus.traceStep(), 0);
    QTRY_VERIFY(!bar.isWriting() && !focus.answer().empty());
    QTRY_COMPARE(behindBegin(focus.input()), withoutLast(focus.answer()));
}

void InputBarTest::whatATaskKnowsIsSaidOfATypedSource() {
    BarDesk desk(taskOf("reverse", Architecture::encoder_decoder));
    auto& [workspace, focus, bar] = desk;
    bar.show();
    focus.setInput(OwnInput(*focus.run()).inputFor({1, 2, 3}));
    QCOMPARE(focus.input().targets, (std::vector<int>{3}));
    QTRY_COMPARE(focus.input().targets, (std::vector<int>{3, 2, 1}));
    QTRY_VERIFY(bar.verdict().endsWith("of 3 right"));
    QVERIFY(!bar.isWriting());
    QCOMPARE(behindBegin(focus.input()), withoutLast(focus.answer()));
}

void InputBarTest::anAnswerBehindAPromptIsShownNotContinued() {
    Experiment experiment = continuingTask().experiment;
    experiment.task.kind = "pairs";
    experiment.task.path = "prompts.tsv";
    experiment.task.validation_size.reset();
    experiment.training.batch_size = 2;
    std::string pairs;
    for (int i = 0; i < 20; ++i) pairs += "1 2 3 2\t-1 -1 2 1\n";
    BarDesk desk(loadPairs(experiment, PairsTexts{pairs, {}}));
    auto& [workspace, focus, bar] = desk;
    bar.show();
    QTRY_VERIFY(bar.verdict().endsWith("of 2 right"));
    bar.writeOut();
    QVERIFY(bar.verdict().endsWith("of 1 right so far"));
    QTRY_VERIFY(!bar.isWriting());
    QCOMPARE(focus.sampleIndex(), 0);
}

void InputBarTest::aTextIsContinuedAtTheHandsWish() {
    BarDesk desk(continuingTask());
    auto& [workspace, focus, bar] = desk;
    bar.show();
    QTRY_VERIFY(!focus.answer().empty());
    const std::vector<int> before = focus.input().tokens;
    const int next = focus.answer().back();
    bar.writeOut();
    QVERIFY(bar.isWriting());
    QTRY_VERIFY(focus.input().tokens.size() >= before.size() + 2);
    QCOMPARE(focus.input().tokens[before.size()], next);
    QVERIFY(std::equal(before.begin(), before.end(), focus.input().tokens.begin()));
    QVERIFY(focus.input().targets.empty());  // nobody knows what should come
    bar.writeOut();
    QVERIFY(!bar.isWriting());
    bar.writeOut();
    bar.typeInput();
    bar.line().setText("1 2");
    QTest::keyClick(&bar.line(), Qt::Key_Return);
    QVERIFY(!bar.isWriting());
    QCOMPARE(focus.input().tokens, (std::vector<int>{1, 2}));
}

void InputBarTest::aTextEndsWhereTheModelHasNoMorePlaces() {
    BarDesk desk(continuingTask(PositionKind::learned));
    auto& [workspace, focus, bar] = desk;
    bar.show();
    focus.setInput(OwnInput(*focus.run()).inputFor({1, 2, 3, 4}));
    QTRY_VERIFY(!focus.answer().empty());
    bar.writeOut();
    QTRY_VERIFY(!bar.isWriting());
    QCOMPARE(focus.input().tokens.size(), std::size_t(*focus.run()->experiment().model.max_seq_len));
    QVERIFY(bar.problem().isEmpty());
}

void InputBarTest::theLikeliestTokensStandUnderAChosenPosition() {
    BarDesk desk(smallTask());
    auto& [workspace, focus, bar] = desk;
    bar.resize(1280, bar.height());
    bar.show();
    auto* row = bar.findChild<LikelyRow*>();
    const int height = bar.height();
    QVERIFY(!row->isVisible());
    QTRY_COMPARE(bar.strip().predictions().size(), std::size_t{6});
    QTest::mouseClick(&bar.strip(), Qt::LeftButton, {}, bar.strip().predictionRect(2).center());
    QVERIFY(row->isVisible() && bar.height() > height);
    QVERIFY(row->geometry().top() >= bar.strip().geometry().bottom());  // covers no token
    QCOMPARE(row->position(), 2);
    QCOMPARE(row->where(), QStringLiteral("for %1").arg(focus.input().tokens[2]));
    const auto expected = likeliest(*focus.trace(), 2, 5);
    QCOMPARE(row->tokens().items().size(), std::size_t{5});
    for (std::size_t i = 0; i < 5; ++i) {
        QCOMPARE(row->tokens().items()[i].text, QString::number(expected[i].id));
        QCOMPARE(row->tokens().items()[i].probability, expected[i].probability);
    }
    QCOMPARE(row->tokens().items()[0].text, bar.strip().predictions()[2].text);
    QVERIFY(row->tokens().accessibleDescription().startsWith(row->tokens().items()[0].text));
    row->positionField().setValue(0);
    QCOMPARE(row->tokens().items()[0].text, bar.strip().predictions()[0].text);
    focus.showSample(3);
    QTRY_VERIFY(focus.trace());
    QCOMPARE(row->tokens().items()[0].probability, likeliest(*focus.trace(), 0, 1)[0].probability);
    bar.toggleLikely();
    QVERIFY(!row->isVisible());
    QCOMPARE(bar.height(), height);
}

void InputBarTest::theLikeliestTokensFollowATextThatGrows() {
    BarDesk desk(continuingTask());
    auto& [workspace, focus, bar] = desk;
    bar.show();
    bar.toggleLikely();
    auto* row = bar.findChild<LikelyRow*>();
    const int before = static_cast<int>(focus.input().tokens.size());
    QCOMPARE(row->position(), before - 1);
    QTRY_VERIFY(!focus.answer().empty());
    bar.writeOut();
    QTRY_VERIFY(row->position() >= before + 1);
    bar.writeOut();
    QTRY_VERIFY(focus.trace());
    QCOMPARE(row->where(), QStringLiteral("behind %1").arg(focus.input().tokens.back()));
    QCOMPARE(row->tokens().items()[0].probability, likeliest(*focus.trace(), row->position(), 1)[0].probability);
}

void InputBarTest::noSentenceSurvivesItsRun() {
    BarDesk desk(taskOf("reverse", Architecture::decoder));
    auto& [workspace, focus, bar] = desk;
    bar.show();
    emit bar.strip().removeWanted(7);
    QVERIFY(bar.problem().contains("Behind SEP"));
    focus.setRun(workspace.add(smallTask()));
    QVERIFY(bar.problem().isEmpty());
    focus.setInput(tokensOnly({1, 77}));
    QTRY_VERIFY(bar.problem().contains("77"));
    focus.showSample(0);
    QTRY_VERIFY(focus.trace());
    QVERIFY(bar.problem().isEmpty());
}

void InputBarTest::tokensAreInsertedAndDeletedByKeys() {
    BarDesk desk(smallTask());
    auto& [workspace, focus, bar] = desk;
    bar.resize(1280, bar.height());
    bar.show();
    focus.setInput(OwnInput(*focus.run()).inputFor({0, 1, 2, 3}));
    TokenStrip& strip = bar.strip();
    strip.setFocus();
    QTest::keyClick(&strip, Qt::Key_Home);
    QTest::keyClick(&strip, Qt::Key_Right);
    QTest::keyClick(&strip, Qt::Key_Insert);
    QCOMPARE(focus.input().tokens, (std::vector<int>{0, 1, 1, 2, 3}));
    QVERIFY(strip.isEditing());  // the new one is in hand
    QTest::keyClicks(strip.findChild<QLineEdit*>(), "4");
    QCOMPARE(focus.input().tokens, (std::vector<int>{0, 4, 1, 2, 3}));
    QCOMPARE(focus.input().targets, (std::vector<int>{3, 2, 1, 4, 0}));
    strip.setFocus();
    QTest::keyClick(&strip, Qt::Key_End);
    QTest::keyClick(&strip, Qt::Key_Delete);
    QCOMPARE(focus.input().tokens, (std::vector<int>{0, 4, 1, 2}));
    QTest::keyClick(&strip, Qt::Key_Insert, Qt::ShiftModifier);
    QCOMPARE(focus.input().tokens, (std::vector<int>{0, 4, 1, 2, 2}));
    while (focus.input().tokens.size() > 1) {
        strip.setFocus();
        QTest::keyClick(&strip, Qt::Key_Delete);
    }
    QTest::keyClick(&strip, Qt::Key_Delete);
    QCOMPARE(focus.input().tokens.size(), std::size_t{1});
    QVERIFY2(bar.problem().contains("at least one"), qPrintable(bar.problem()));
}

void InputBarTest::whatStandsBehindSepFollows() {
    Workspace workspace;
    const OwnInput own(*workspace.add(taskOf("reverse", Architecture::decoder)));
    const Input input = own.inputFor({1, 2});
    QCOMPARE(own.withInserted(input, 2, 4).tokens, (std::vector<int>{1, 2, 4, 5, 4, 2, 1}));
    QCOMPARE(own.withRemoved(input, 0).tokens, (std::vector<int>{2, 5, 2}));
    QVERIFY_THROWS_EXCEPTION(InputError, own.withRemoved(input, 3));
    QVERIFY_THROWS_EXCEPTION(InputError, own.withInserted(input, 4, 1));
    QCOMPARE(own.withMask(input, 1, true).masked, (std::vector<bool>{false, true, false, false, false}));
    QVERIFY(own.withMask(own.withMask(input, 1, true), 1, false).masked.empty());
    const OwnInput encoder(*workspace.add(smallTask()));
    const Input masked = encoder.withMask(encoder.inputFor({1, 2, 3}), 2, true);
    QCOMPARE(encoder.withToken(masked, 0, 4).masked, masked.masked);
    QCOMPARE(encoder.withInserted(masked, 0, 4).masked, (std::vector<bool>{false, false, false, true}));
    QCOMPARE(encoder.withRemoved(masked, 0).masked, (std::vector<bool>{false, true}));
}

void InputBarTest::aMaskedTokenIsHiddenAndComparedWithWhatWas() {
    BarDesk desk(smallTask());
    auto& [workspace, focus, bar] = desk;
    bar.resize(1280, bar.height());
    bar.show();
    const Input before = focus.input();
    const int height = bar.height();
    bar.strip().setFocus();
    QTest::keyClick(&bar.strip(), Qt::Key_Right);
    QTest::keyClick(&bar.strip(), Qt::Key_M);
    QCOMPARE(focus.input().masked, (std::vector<bool>{false, true, false, false, false, false}));
    QCOMPARE(focus.input().targets, before.targets);
    QVERIFY(focus.comparison().active());
    QVERIFY(focus.comparison().input() == before);
    QVERIFY(bar.height() > height);
    auto* row = bar.findChild<CompareRow*>();
    QVERIFY(row->isVisible());
    QTRY_VERIFY(focus.trace() && focus.comparison().trace());
    const Tensor& weights = focus.trace()->at("encoder.0.attention.weights");
    for (int i = 0; i < 12; ++i) QCOMPARE(weights.values[static_cast<std::size_t>(i * 6 + 1)], 0.0F);  // nobody looks at it
    const Trace unmasked = focus.run()->model()->trace(focus.run()->latest()->weights, before, {});
    QCOMPARE(focus.comparison().trace()->at("encoder.0.attention.weights").values, unmasked.at("encoder.0.attention.weights").values);
    QCOMPARE(focus.comparison().answer(), predictions(unmasked));
    int changed = 0;
    const std::vector<int> now = predictions(*focus.trace()), then = predictions(unmasked);
    for (std::size_t i = 0; i < 6; ++i) changed += now[i] != then[i];
    QTRY_VERIFY2(row->summary().startsWith(changed == 0   ? QStringLiteral("no answer changes")
                                           : changed == 1 ? QStringLiteral("1 answer changes")
                                                          : QStringLiteral("%1 answers change").arg(changed)),
                 qPrintable(row->summary()));
    QVERIFY(row->summary().contains(QStringLiteral("loss ")));
    QTest::keyClick(&bar.strip(), Qt::Key_M);  // seen again: nothing left to compare
    QVERIFY(focus.input().masked.empty());
    QVERIFY(!focus.comparison().active());
    QCOMPARE(bar.height(), height);
}

void InputBarTest::anInputIsKeptBesideOthers() {
    BarDesk desk(smallTask());
    auto& [workspace, focus, bar] = desk;
    bar.show();
    const Input first = focus.input();
    bar.toggleComparison();
    QVERIFY(focus.comparison().active());
    QCOMPARE(focus.comparison().name(), QStringLiteral("validation sample 0"));
    bar.nextSample();
    QVERIFY(focus.comparison().input() == first);
    const Input second = focus.input();
    QTRY_VERIFY(focus.comparison().trace() && focus.comparison().step() == focus.traceStep());
    // It follows the weights.
    focus.run()->train();
    QTRY_COMPARE(focus.run()->state(), Run::State::finished);
    QTRY_COMPARE(focus.traceStep(), std::int64_t{60});
    QTRY_COMPARE(focus.comparison().step(), std::int64_t{60});
    auto* row = bar.findChild<CompareRow*>();
    for (auto* button : row->findChildren<QPushButton*>())
        if (button->text() == "Swap") button->click();
    QVERIFY(focus.input() == first && focus.comparison().input() == second);
    bar.toggleComparison();
    QVERIFY(!focus.comparison().active() && !row->isVisible());
    bar.toggleComparison();
    focus.setRun(workspace.add(smallTask()));
    QVERIFY(!focus.comparison().active());  // of another model nothing is kept
}

void InputBarTest::buttonsWithoutRoomStandInAMenu() {
    BarDesk desk(smallTask());
    auto& [workspace, focus, bar] = desk;
    bar.resize(1600, bar.height());
    bar.show();
    const auto button = [&](const QString& text) -> QPushButton* {
        for (auto* each : bar.findChildren<QPushButton*>())
            if (each->text() == text) return each;
        return nullptr;
    };
    QTRY_VERIFY(button("Compare")->isVisible() && !button("More")->isVisible());
    bar.resize(760, bar.height());
    QTRY_VERIFY(!button("Compare")->isVisible() && button("More")->isVisible());
    QVERIFY(button("More")->geometry().right() <= bar.width());
    QMenu* menu = button("More")->menu();
    emit menu->aboutToShow();
    for (QAction* action : menu->actions())
        if (action->text() == "Compare") action->trigger();
    QVERIFY(focus.comparison().active());
}

QTEST_MAIN(InputBarTest)
#include "input_bar_test.moc"
