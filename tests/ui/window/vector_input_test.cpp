#include <QLineEdit>
#include <QPushButton>
#include <QtTest>

#include "core/base/errors.h"
#include "core/pictures/patches.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "tests/vector_tasks.h"
#include "ui/runs/comparison.h"
#include "ui/scenes/patch_pictures.h"
#include "ui/widgets/token_strip.h"
#include "ui/window/compare_row.h"
#include "ui/window/input_bar.h"
#include "ui/window/input_chips.h"
#include "ui/window/likely_row.h"

using namespace lab;

namespace {

struct VectorBar {
    explicit VectorBar(const LoadedTask& task) {
        run = workspace.add(task);
        focus.setRun(run);
        bar.resize(1100, 64);
        bar.show();
    }
    bool answered() {
        return QTest::qWaitFor([this] { return focus.trace() && !bar.strip().predictions().empty(); }, patience);
    }
    QString spoken() const { return bar.strip().property("labPictureValue").toString(); }
    void type(const QString& line) {
        bar.typeInput();
        bar.line().setText(line);
        QTest::keyClick(&bar.line(), Qt::Key_Return);
    }

    Workspace workspace;
    Focus focus;
    Run* run = nullptr;
    InputBar bar{focus};
};

}  // namespace

/// The input bar of models that read vectors.
class VectorInputTest : public QObject {
    Q_OBJECT

private slots:
    void aPictureStandsInPatches() {
        VectorBar shown(smallPictures());
        const SequenceWords words(*shown.run);
        const Input& input = shown.focus.input();
        QCOMPARE(words.pictures()->patches(), 16);
        QCOMPARE(input.tokens.size(), std::size_t{17});
        const TokenChip first = chipsOf(words, input)[0], patch = chipsOf(words, input)[6];
        QVERIFY(first.special && first.picture.isNull());
        QCOMPARE(first.text, QStringLiteral("class"));
        QVERIFY(!patch.special && patch.picture.size() == QSize(7, 7));
        QCOMPARE(patch.spoken, QStringLiteral("patch 5, row 1, column 1"));
        // Patches laid side by side are the picture.
        const QImage whole = pictureImage(*words.pictures(), patchesOf(words, input));
        QCOMPARE(whole.size(), QSize(28, 28));
        QCOMPARE(whole.copy(7, 7, 7, 7), patch.picture);
    }

    void theClassIsJudgedAtTheClassToken() {
        VectorBar shown(smallPictures());
        QVERIFY(shown.answered());
        const auto& chips = shown.bar.strip().predictions();
        using Verdict = PredictionChip::Verdict;
        QVERIFY(chips.front().verdict == Verdict::right || chips.front().verdict == Verdict::wrong);
        for (std::size_t i = 1; i < chips.size(); ++i) QCOMPARE(chips[i].verdict, Verdict::none);
        const SequenceWords words(*shown.run);
        QCOMPARE(chips.front().text, words.classText(shown.focus.answer().front()));
        QVERIFY2(shown.bar.verdict().contains(chips.front().text), qPrintable(shown.bar.verdict()));
        if (chips.front().verdict == Verdict::wrong)
            QVERIFY2(shown.bar.verdict().contains(words.truth(shown.focus.input(), 0)), qPrintable(shown.bar.verdict()));
    }

    void aPatchIsMaskedButNotTyped() {
        VectorBar shown(smallPictures());
        TokenStrip& strip = shown.bar.strip();
        strip.setFocus();
        for (int i = 0; i < 3; ++i) QTest::keyClick(&strip, Qt::Key_Right);
        QVERIFY2(shown.spoken().contains("patch 2, row 0, column 2"), qPrintable(shown.spoken()));
        QTest::keyClick(&strip, Qt::Key_Return);
        QVERIFY(!strip.isEditing());
        const std::size_t before = shown.focus.input().tokens.size();
        QTest::keyClick(&strip, Qt::Key_Delete);
        QCOMPARE(shown.focus.input().tokens.size(), before);
        QTest::keyClick(&strip, Qt::Key_M);
        QVERIFY(shown.focus.input().isMasked(3));
        QVERIFY(shown.focus.comparison().active());
    }

    void aPictureIsTypedAsItsPixels() {
        VectorBar shown(smallPictures());
        const std::vector<float> before = shown.focus.input().vectors;
        shown.bar.typeInput();
        const QString typed = shown.bar.line().text();
        QCOMPARE(typed.split(QLatin1Char(' ')).size(), 28 * 28);
        shown.type(typed);
        QVERIFY2(shown.bar.problem().isEmpty(), qPrintable(shown.bar.problem()));
        QCOMPARE(shown.focus.sampleIndex(), -1);
        QCOMPARE(shown.focus.input().vectors, before);  // pixels are bytes: nothing is lost
        shown.type("0 0 12");
        QVERIFY2(shown.bar.problem().contains("784"), qPrintable(shown.bar.problem()));
    }

    void aNumberStandsBesideTheTruth() {
        VectorBar shown(smallPrompts());
        QVERIFY(shown.answered());
        const Input& input = shown.focus.input();
        const auto& chips = shown.bar.strip().predictions();
        QCOMPARE(chips.size(), input.tokens.size());
        for (std::size_t i = 0; i + 1 < chips.size(); ++i) QCOMPARE(chips[i].verdict, PredictionChip::Verdict::none);
        QCOMPARE(chips.back().verdict, PredictionChip::Verdict::measured);
        const float answer = shown.focus.trace()->at("logits").values.back(), truth = input.values.back();
        QCOMPARE(chips.back().text, vectorText({&answer, 1}));
        QCOMPARE(chips.back().truth, vectorText({&truth, 1}));
        QVERIFY2(shown.bar.verdict().contains(chips.back().text) && shown.bar.verdict().contains(chips.back().truth),
                 qPrintable(shown.bar.verdict()));
        const SequenceWords words(*shown.run);
        QVERIFY(words.at(input, input.tokens.size() - 1).endsWith(" | ?"));
        QCOMPARE(chipsOf(words, input)[0].cells.size(), 2);
    }

    void pointsAreTypedAndChanged() {
        VectorBar shown(smallPrompts());
        shown.type("0.5 1; -0.25 -0.5; 0.1 ?");
        QVERIFY2(shown.bar.problem().isEmpty(), qPrintable(shown.bar.problem()));
        QCOMPARE(shown.focus.input().vectors, (std::vector<float>{0.5F, 1, -0.25F, -0.5F, 0.1F, 0}));
        QVERIFY(shown.answered());
        QCOMPARE(shown.bar.strip().predictions().back().verdict, PredictionChip::Verdict::open);
        shown.bar.typeInput();
        QCOMPARE(shown.bar.line().text(), QStringLiteral("0.5 1; -0.25 -0.5; 0.1 ?"));
        shown.type("0.5 cat; 1 ?");
        QVERIFY2(shown.bar.problem().contains("cat"), qPrintable(shown.bar.problem()));
        shown.type("0.5 1; 0.1 ?");
        TokenStrip& strip = shown.bar.strip();
        strip.setFocus();
        emit strip.tokenEdited(0, "0.75 2");
        QCOMPARE(shown.focus.input().vectors, (std::vector<float>{0.75F, 2, 0.1F, 0}));
        emit strip.insertWanted(0);
        QCOMPARE(shown.focus.input().tokens.size(), std::size_t{3});
        QCOMPARE(shown.focus.input().vectors, (std::vector<float>{0.75F, 2, 0.75F, 2, 0.1F, 0}));
        emit strip.removeWanted(0);
        emit strip.removeWanted(0);
        QCOMPARE(shown.focus.input().vectors, (std::vector<float>{0.1F, 0}));
        emit strip.removeWanted(0);
        QVERIFY(!shown.bar.problem().isEmpty());
        QCOMPARE(shown.focus.input().tokens.size(), std::size_t{1});
    }

    void numbersHaveNoLikeliestToken() {
        VectorBar shown(smallPrompts());
        auto* likely = shown.bar.findChild<QPushButton*>("window.input.likely");
        QVERIFY(likely && !likely->isEnabled() && likely->toolTip().contains("numbers"));
        shown.bar.toggleLikely();
        QVERIFY(shown.bar.findChild<LikelyRow*>()->isHidden());
        shown.focus.setRun(shown.workspace.add(smallPictures()));
        QVERIFY(likely->isEnabled());
    }

    void anotherVectorIsMarkedInTheComparison() {
        VectorBar shown(smallPrompts());
        shown.type("0.5 1; 0.1 ?");
        const Input before = shown.focus.input();
        shown.bar.toggleComparison();
        emit shown.bar.strip().tokenEdited(0, "0.5 2");
        QVERIFY(differs(shown.focus.input(), before, 0));
        QVERIFY(!differs(shown.focus.input(), before, 1));
        auto* kept = shown.bar.findChild<CompareRow*>();
        // Every number moves: it stands there, not how many of them changed.
        QTRY_VERIFY_WITH_TIMEOUT(kept->summary().startsWith("model "), patience);
        QVERIFY2(!kept->summary().contains("answer"), qPrintable(kept->summary()));
    }
};

QTEST_MAIN(VectorInputTest)
#include "vector_input_test.moc"
