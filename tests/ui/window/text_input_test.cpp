#include <QLineEdit>
#include <QtTest>

#include "core/analysis/likeliest.h"
#include "core/base/errors.h"
#include "core/data/loaded_task.h"
#include "core/pretrained/pretrained_model.h"
#include "tests/core/pretrained/pretrained_cases.h"
#include "tests/patience.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/token_strip.h"
#include "ui/window/input_bar.h"
#include "ui/window/likely_row.h"
#include "ui/window/own_input.h"

// Models of other programs at the input bar: sentences as pieces, their frame, pairs, masked words, what comes next.

using namespace lab;
using namespace lab::testing;

namespace {

/// The bar beside an opened model.
struct OpenedDesk {
    explicit OpenedDesk(const std::string& name) {
        PretrainedModel opened = openPretrained(pretrainedFolder / name);
        const LoadedTask task = loadSavedTask(opened.experiment, opened.tokenizer, {});
        focus.setRun(workspace.add(task, startingState(std::move(opened.weights), *task.experiment.training.optimizer.kind)));
        bar.resize(1280, bar.height());
        bar.show();
    }

    void type(const QString& line, const QString& second = {}) {
        bar.typeInput();
        bar.line().setText(line);
        bar.secondLine().setText(second);
        QTest::keyClick(&bar.line(), Qt::Key_Return);
    }
    std::string piece(std::size_t i) const { return focus.run()->dataset()->tokenizer().shown(focus.input().tokens[i]); }
    QWidget& button(const char* name) const { return *bar.findChild<QWidget*>(QLatin1String(name)); }

    Workspace workspace;
    Focus focus;
    InputBar bar{focus};
};

}  // namespace

class TextInputTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void aTypedSentenceGetsItsFrameAndCanBeTypedAgain() {
        OpenedDesk desk("bert-mlm");
        desk.type(QStringLiteral("Mira lost the key."));
        const std::vector<int> framed = desk.focus.input().tokens;
        QCOMPARE(desk.piece(0), std::string("[CLS]"));
        QCOMPARE(desk.piece(framed.size() - 1), std::string("[SEP]"));
        desk.type(OwnInput(*desk.focus.run()).typedLine(desk.focus.input()));
        QCOMPARE(desk.focus.input().tokens, framed);
        QVERIFY(desk.focus.input().targets.empty());
    }

    void theFrameIsSwitchedOffAndOn() {
        OpenedDesk desk("bert-mlm");
        desk.type(QStringLiteral("Mira lost the key."));
        const std::vector<int> framed = desk.focus.input().tokens;
        desk.bar.toggleFrame();
        QCOMPARE(desk.focus.input().tokens, std::vector<int>(framed.begin() + 1, framed.end() - 1));
        desk.type(QStringLiteral("Mira lost."));  // as the present input stands
        QVERIFY(desk.piece(0) != "[CLS]");
        desk.type(QStringLiteral("Mira lost the key."));
        desk.bar.toggleFrame();
        QCOMPARE(desk.focus.input().tokens, framed);
        OpenedDesk decoder("gpt2");
        decoder.type(QStringLiteral("Mira lost the key."));
        const std::size_t bare = decoder.focus.input().tokens.size();
        decoder.bar.toggleFrame();
        QCOMPARE(decoder.focus.input().tokens.size(), bare + 1);
        QCOMPARE(decoder.piece(0), std::string("<|endoftext|>"));
    }

    void chipsShowThePieces() {
        OpenedDesk desk("bert-mlm");
        desk.type(QStringLiteral("gardens"));
        QVERIFY(desk.focus.input().tokens.size() > 3);
        const TokenStrip& strip = desk.bar.strip();
        const int last = static_cast<int>(desk.focus.input().tokens.size()) - 1;
        QCOMPARE(strip.tokenRect(2).left(), strip.tokenRect(1).right() + 1);  // pieces of a word touch
        QVERIFY(strip.tokenRect(1).left() > strip.tokenRect(0).right() + 1);
        QVERIFY(strip.tokenRect(last).left() > strip.tokenRect(last - 1).right() + 1);
    }

    void twoSentencesHaveSegments() {
        OpenedDesk desk("bert-mlm");
        desk.type(QStringLiteral("Mira lost."), QStringLiteral("Tom gave."));
        const SequenceWords words(*desk.focus.run());
        const std::vector<int> segments = words.segments(desk.focus.input());
        const auto second = std::ranges::find(segments, 1) - segments.begin();
        QCOMPARE(desk.piece(static_cast<std::size_t>(second) - 1), std::string("[SEP]"));
        QCOMPARE(desk.piece(static_cast<std::size_t>(second)), std::string("tom"));
        QCOMPARE(segments.front(), 0);
        QCOMPARE(segments.back(), 1);
        const std::vector<int> pair = desk.focus.input().tokens;
        desk.type(QStringLiteral("Mira lost.\tTom gave."));  // as in a file
        QCOMPARE(desk.focus.input().tokens, pair);
        QString other;
        QCOMPARE(OwnInput(*desk.focus.run()).typedLine(desk.focus.input(), &other), QStringLiteral("mira lost."));
        QCOMPARE(other, QStringLiteral("tom gave."));
        OpenedDesk decoder("llama-gqa");
        decoder.bar.typeInput();
        QVERIFY(!decoder.bar.secondLine().isVisible());
    }

    void aMaskedWordIsFilledIn() {
        OpenedDesk desk("bert-mlm");
        desk.type(QStringLiteral("Mira lost the key."));
        const Input before = desk.focus.input();
        emit desk.bar.strip().maskWanted(3);
        QCOMPARE(desk.piece(3), std::string("[MASK]"));
        QCOMPARE(desk.focus.input().targets[3], before.tokens[3]);
        QTRY_VERIFY(desk.focus.trace() && desk.bar.strip().predictions().size() == before.tokens.size());
        auto* row = desk.bar.findChild<LikelyRow*>();
        QVERIFY(row->isVisible());
        QCOMPARE(row->position(), 3);
        QTRY_COMPARE(row->tokens().items().size(), std::size_t{10});
        QCOMPARE(row->tokens().items()[0].probability, likeliest(*desk.focus.trace(), 3, 1)[0].probability);
        const auto standing = standingOf(*desk.focus.trace(), 3, before.tokens[3]);
        QVERIFY2(row->standing().contains(QStringLiteral("place %1").arg(standing->rank)), qPrintable(row->standing()));
        emit desk.bar.strip().maskWanted(3);
        QCOMPARE(desk.focus.input().tokens, before.tokens);
        emit desk.bar.strip().hideWanted(3);
        QVERIFY(desk.focus.input().isMasked(3) && desk.focus.input().tokens == before.tokens);
    }

    void whatComesNextIsNoErrorWhereItDiffers() {
        OpenedDesk desk("gpt2");
        desk.type(QStringLiteral("Mira lost the small key."));
        const Input& input = desk.focus.input();
        QCOMPARE(input.targets[0], input.tokens[1]);
        QCOMPARE(input.targets.back(), -1);
        QTRY_VERIFY(desk.focus.trace() && desk.bar.strip().predictions().size() == input.tokens.size());
        for (const PredictionChip& chip : desk.bar.strip().predictions()) QVERIFY(chip.verdict != PredictionChip::Verdict::wrong);
        desk.bar.toggleLikely();
        auto* row = desk.bar.findChild<LikelyRow*>();
        row->choose(0);
        QVERIFY(row->standing().startsWith(QStringLiteral("the text has")));
        QCOMPARE(row->storyOf(0).count(QLatin1Char('\n')), 10);  // ten and where the true one stands
    }

    void aModelWithoutAHeadPredictsNothing() {
        OpenedDesk desk("bert-bare");
        desk.type(QStringLiteral("Mira lost."));
        QTRY_VERIFY(desk.focus.trace());
        QVERIFY(desk.bar.strip().predictions().empty());
        QVERIFY(OwnInput(*desk.focus.run()).maskName().isEmpty());
    }

    void aWordIsTypedInThePlaceOfAPiece() {
        OpenedDesk desk("bert-mlm");
        desk.type(QStringLiteral("Mira lost."));
        const std::size_t before = desk.focus.input().tokens.size();
        desk.bar.strip().edit(1);
        auto* editor = desk.bar.strip().findChild<QLineEdit*>();
        QCOMPARE(editor->text(), QStringLiteral("mira"));
        editor->setText(QStringLiteral("gardens"));
        QTest::keyClick(editor, Qt::Key_Return);
        QVERIFY(desk.focus.input().tokens.size() > before);
        QCOMPARE(desk.piece(0), std::string("[CLS]"));
    }

    void whatIsTooLongIsSaid() {
        OpenedDesk desk("bert-mlm");
        const std::vector<int> before = desk.focus.input().tokens;
        desk.type(QStringLiteral("key ").repeated(63));
        QVERIFY2(desk.bar.problem().contains(QStringLiteral("65 tokens are more than the 64")), qPrintable(desk.bar.problem()));
        QCOMPARE(desk.focus.input().tokens, before);
    }
};

QTEST_MAIN(TextInputTest)
#include "text_input_test.moc"
