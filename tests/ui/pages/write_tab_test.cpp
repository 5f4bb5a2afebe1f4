#include "ui/pages/text/write_tab.h"

#include <QAbstractButton>
#include <QDoubleSpinBox>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSlider>
#include <QTextCursor>

#include "core/config/model_config.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/text/candidate_table.h"
#include "ui/pages/text/sampling_form.h"
#include "ui/pages/text/surprise_strip.h"
#include "ui/pages/text/text_page.h"
#include "ui/pages/text/written_look.h"
#include "ui/pages/text/written_view.h"
#include "ui/scenes/sample_list.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

/// The page on a decoder that was trained for some steps, its tab Write shown.
struct WritingBench {
    Workspace workspace;
    Focus focus;
    TextPage page{focus};
    Run* run;

    explicit WritingBench(Architecture architecture = Architecture::decoder) : WritingBench(smallTask(60, 42, architecture)) {}
    explicit WritingBench(LoadedTask task) {
        run = workspace.add(std::move(task));
        focus.setRun(run);
        page.resize(1180, 620);
        page.showTab(QStringLiteral("write"));
        static_cast<QWidget&>(page).show();
        (void)ready();
    }
    WriteTab& tab() const { return dynamic_cast<WriteTab&>(page.tab()); }
    bool ready() {
        return QTest::qWaitFor([this] { return page.catchUp() && tab().ready(); }, lab::patience);
    }
    std::vector<int> tokens() {
        std::vector<int> tokens;
        for (const WrittenToken& token : tab().desk().written()) tokens.push_back(token.token);
        return tokens;
    }
    bool train() {
        run->train();
        return QTest::qWaitFor([this] { return run->state() == RunState::finished; }, lab::patience);
    }
};

}  // namespace

class WriteTabTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void anEncoderDoesNotWrite() {
        WritingBench bench(Architecture::encoder);
        auto* absence = bench.page.findChild<EmptyState*>(QStringLiteral("text.write.none"));
        QVERIFY(absence && absence->isVisible());
        QVERIFY(!bench.tab().controls()->isEnabled());
        QVERIFY(bench.tab().figures().empty());
    }

    void writesBehindAPromptOfTheRun() {
        WritingBench bench;
        QVERIFY(!bench.tab().prompt().isEmpty());
        QVERIFY(bench.tokens().empty());
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        QCOMPARE(bench.tokens().size(), std::size_t{200});
        const QString text = bench.tab().view().toPlainText();
        QVERIFY(text.startsWith(bench.tab().prompt() + QLatin1Char(' ')));
        QCOMPARE(bench.tab().strip().bits().size(), std::size_t{200});
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        QCOMPARE(bench.tokens().size(), std::size_t{400});
        QVERIFY(bench.tab().view().toPlainText().startsWith(text));
    }

    void oneTokenAtATimeIsTheSameText() {
        WritingBench bench;
        for (int i = 0; i < 5; ++i) {
            bench.tab().writeOneToken();
            QVERIFY(bench.ready());
            QCOMPARE(bench.tokens().size(), static_cast<std::size_t>(i + 1));
        }
        const std::vector<int> singly = bench.tokens();
        bench.tab().clear();
        QVERIFY(bench.ready());
        QVERIFY(bench.tokens().empty());
        QCOMPARE(bench.tab().view().toPlainText(), bench.tab().prompt());
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        std::vector<int> together = bench.tokens();
        together.resize(5);
        QCOMPARE(together, singly);
    }

    void anotherTokenMakesAnotherBranch() {
        WritingBench bench;
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        const std::vector<int> before = bench.tokens();
        const int position = static_cast<int>(bench.tab().desk().prompt().size()) + 3;
        bench.tab().choose(position);
        QVERIFY(bench.ready());
        QCOMPARE(bench.tab().chosen(), position);
        const auto candidates = bench.tab().candidates().candidates();
        const auto other = std::ranges::find_if(candidates, [&](const Candidate& each) { return each.token != before[3]; });
        QVERIFY(other != candidates.end());
        const int picked = other->token;
        emit bench.tab().candidates().candidatePicked(picked);
        QVERIFY(bench.ready());
        std::vector<int> after = bench.tokens();
        QCOMPARE(after.size(), before.size());
        QCOMPARE(after[3], picked);
        QVERIFY(std::equal(before.begin(), before.begin() + 3, after.begin()));
        bench.tab().goBack();
        QVERIFY(bench.ready());
        QCOMPARE(bench.tokens(), before);
    }

    void aClickOnACandidateOrItsRowPicksIt() {
        WritingBench bench;
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        bench.tab().choose(static_cast<int>(bench.tab().desk().prompt().size()));
        QVERIFY(bench.ready());
        CandidateTable& table = bench.tab().candidates();
        QSignalSpy picked(&table, &CandidateTable::candidatePicked);
        const std::size_t mine = *table.chosen(), other = mine == 0 ? 1 : 0;
        const auto click = [&](std::size_t row) {
            QTest::mouseClick(table.viewport(), Qt::LeftButton, {},
                              table.visualRect(table.model()->index(static_cast<int>(row), 2)).center());
        };
        click(mine);  // is there already
        QCOMPARE(picked.size(), 0);
        const int wanted = table.candidates()[other].token;
        click(other);
        QCOMPARE(picked.size(), 1);
        QVERIFY(bench.ready());
        QCOMPARE(bench.tokens().front(), wanted);
    }

    void aChangeOfTheTextKeepsWhatStandsBefore() {
        WritingBench bench;
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        WrittenView& view = bench.tab().view();
        const QString prompt = bench.tab().prompt(), text = view.toPlainText();
        QTextCursor caret = view.textCursor();
        caret.setPosition(static_cast<int>(prompt.size()) + 4);  // behind two written tokens: " a b"
        view.setTextCursor(caret);
        QTest::keyClicks(&view, QStringLiteral(" 1"));
        QVERIFY(bench.ready());
        QCOMPARE(bench.tab().prompt(), text.left(prompt.size() + 4) + QStringLiteral(" 1"));
        QVERIFY(view.toPlainText().startsWith(bench.tab().prompt()));
        QCOMPARE(bench.tokens().size(), std::size_t{200});
        bench.tab().goBack();
        QVERIFY(bench.ready());
        QCOMPARE(view.toPlainText(), text);
    }

    void whatWasJustTypedIsWrittenOnFrom() {
        WritingBench bench;
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        WrittenView& view = bench.tab().view();
        const QString text = view.toPlainText();
        view.moveCursor(QTextCursor::End);
        QTest::keyClicks(&view, QStringLiteral(" 1"));
        QTest::keyClick(&view, Qt::Key_Return, Qt::ControlModifier);  // and nobody waits
        QVERIFY(bench.ready());
        QCOMPARE(bench.tab().prompt(), text + QStringLiteral(" 1"));
        QCOMPARE(bench.tokens().size(), std::size_t{200});
        QVERIFY(view.toPlainText().startsWith(text + QStringLiteral(" 1 ")));
        bench.tab().clear();
        bench.tab().writeOn();  // at once
        QVERIFY(bench.ready());
        QCOMPARE(bench.tokens().size(), std::size_t{200});
    }

    void aChangeWithinThePromptKeepsItsEnd() {
        WritingBench bench;
        WrittenView& view = bench.tab().view();
        const QString prompt = bench.tab().prompt();
        QTextCursor caret = view.textCursor();
        caret.setPosition(0);
        view.setTextCursor(caret);
        QTest::keyClicks(&view, QStringLiteral("1 "));
        QVERIFY(bench.ready());
        QCOMPARE(bench.tab().prompt(), QStringLiteral("1 ") + prompt);
        QVERIFY(bench.tokens().empty());
    }

    void whatTheModelDoesNotKnowIsNamed() {
        WritingBench bench;
        bench.tab().setPrompt(QStringLiteral("1 fish"));
        QVERIFY(bench.ready());
        QVERIFY2(bench.tab().desk().problem().contains(QStringLiteral("fish")), qPrintable(bench.tab().desk().problem()));
        bench.tab().setPrompt(QStringLiteral("1 2"));
        QVERIFY(bench.ready());
        QVERIFY(bench.tab().desk().problem().isEmpty());
    }

    void otherNumbersCutTheSameText() {
        WritingBench bench;
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        const std::vector<int> before = bench.tokens();
        Sampling sampling = Sampling::ofText();
        sampling.topK = 1;
        bench.tab().sampling().setSampling(sampling);
        emit bench.tab().sampling().changed();
        QVERIFY(bench.ready());
        QCOMPARE(bench.tokens(), before);
        for (const WrittenToken& token : bench.tab().desk().written()) QCOMPARE(token.cuts.front().rule->name, std::string_view("top_k"));
    }

    void aSliderSetsItsNumberAndCutsTheSameText() {
        WritingBench bench;
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        const std::vector<int> before = bench.tokens();
        auto* slider = bench.page.findChild<QSlider*>(QStringLiteral("text.write.top_k.slider"));
        auto* number = bench.page.findChild<QDoubleSpinBox*>(QStringLiteral("text.write.top_k"));
        QVERIFY(slider && number);
        slider->setValue(0);
        QCOMPARE(number->value(), 1.0);
        QCOMPARE(bench.tab().sampling().sampling().topK, 1);
        QVERIFY(bench.ready());
        QCOMPARE(bench.tokens(), before);
        for (const WrittenToken& token : bench.tab().desk().written()) QCOMPARE(token.cuts.front().rule->name, std::string_view("top_k"));
        slider->setValue(slider->maximum());
        QCOMPARE(number->value(), 0.0);  // all
        number->setValue(7);
        QCOMPARE(slider->value(), 6);
        number->setValue(3000);  // more than the slider has
        QCOMPARE(slider->value(), slider->maximum() - 1);
        QCOMPARE(bench.tab().sampling().sampling().topK, 3000);
    }

    void slidersStandWhereTheirNumbersDo() {
        SamplingForm form;
        Sampling sampling;  // all numbers but the temperature do nothing
        sampling.temperature = 1;
        for (const Sampling& each : {Sampling::ofText(), sampling}) {
            form.setSampling(each);
            for (const SamplingRule* rule : SamplingRule::table()) {
                const auto* slider = form.findChild<QSlider*>("text.write." + QString::fromStdString(std::string(rule->name)) + ".slider");
                QVERIFY2(slider, rule->name.data());
                QCOMPARE(sliderStops(*rule)[static_cast<std::size_t>(slider->value())], rule->value(each));
            }
        }
    }

    void slidersStopWhereTheRulesAllow() {
        for (const SamplingRule* rule : SamplingRule::table()) {
            const std::vector<double> stops = sliderStops(*rule);
            QVERIFY2(stops.size() >= 30 && stops.size() <= 120, rule->name.data());
            QVERIFY2(std::ranges::all_of(stops, [rule](double stop) { return rule->limits.contains(stop); }), rule->name.data());
            QVERIFY2(std::ranges::find(stops, rule->off) != stops.end(), rule->name.data());
            QVERIFY2(std::ranges::find(stops, rule->value(Sampling::ofText())) != stops.end(), rule->name.data());
        }
    }

    void allCandidatesAreListedWhenAsked() {
        Experiment experiment = smallExperiment({.vocabulary = 30});
        experiment.model.architecture = Architecture::decoder;
        WritingBench bench(loadTask(experiment, {}));
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        const int position = static_cast<int>(bench.tab().desk().prompt().size()) + 5;
        bench.tab().choose(position);
        QVERIFY(bench.ready());
        CandidateTable& table = bench.tab().candidates();
        const std::vector<Candidate> few = table.candidates();
        const int classes = *bench.run->experiment().model.num_classes;
        QVERIFY(classes > static_cast<int>(few.size()));
        QCOMPARE(table.places().size(), few.size() + 1);
        emit table.rowOpened(few.size());
        QVERIFY(bench.ready());
        const std::vector<Candidate> all = table.candidates();
        QCOMPARE(static_cast<int>(all.size()), classes);
        double sum = 0;
        for (const Candidate& each : all) sum += each.before;
        QVERIFY(std::abs(sum - 1) < 1e-9);
        for (std::size_t i = 0; i + 1 < few.size(); ++i) {
            QCOMPARE(all[i].token, few[i].token);
            QVERIFY(std::abs(all[i].before - few[i].before) < 1e-6);
            QVERIFY(all[i].cutBy == few[i].cutBy);
        }
        const int unlikely = all.back().token;
        emit table.rowOpened(all.size());  // folds them
        QCOMPARE(table.candidates().size(), few.size());
        emit table.rowOpened(few.size());
        QVERIFY(bench.ready());
        emit table.candidatePicked(unlikely);
        QVERIFY(bench.ready());
        QCOMPARE(bench.tokens()[5], unlikely);
    }

    void whatAChoiceReplacedStaysInSight() {
        WritingBench bench;
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        QVERIFY(bench.tab().branch().isEmpty());
        const std::vector<int> before = bench.tokens();
        QString behind;
        for (std::size_t i = 10; i < before.size(); ++i) behind += QString::fromStdString(bench.tab().desk().written()[i].text);
        auto* back = bench.page.findChild<QAbstractButton*>(QStringLiteral("text.write.back"));
        QVERIFY(back && !back->isVisible());
        const int other = before[10] == 0 ? 1 : 0;
        bench.tab().pick(static_cast<int>(bench.tab().desk().prompt().size()) + 10, other);
        QVERIFY(bench.ready());
        QCOMPARE(bench.tab().branch(), behind.simplified());
        QVERIFY(back->isVisible());
        QTest::keyClick(&bench.tab().candidates(), Qt::Key_Z, Qt::ControlModifier);  // the keyboard is anywhere in the tab
        QVERIFY(bench.ready());
        QCOMPARE(bench.tokens(), before);
        QVERIFY(!back->isVisible());
        bench.tab().pick(static_cast<int>(bench.tab().desk().prompt().size()) + 10, other);
        QVERIFY(bench.ready());
        back->click();
        QVERIFY(bench.ready());
        QCOMPARE(bench.tokens(), before);
    }

    void greedyNeedsNoNumbers() {
        SamplingForm form;
        QVERIFY(form.sampling() == Sampling::ofText());
        form.way().setCurrent(0);
        emit form.way().chosen(0);
        QCOMPARE(form.sampling().temperature, 0.0);
        form.way().setCurrent(1);
        emit form.way().chosen(1);
        QCOMPARE(form.sampling().temperature, Sampling::ofText().temperature);
    }

    void anotherMomentWritesItsOwnText() {
        WritingBench bench;
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        QVERIFY(bench.train());
        QVERIFY(bench.ready());
        const std::vector<int> trained = bench.tokens();
        bench.focus.showStep(0);
        QVERIFY(bench.ready());
        const std::vector<int> untrained = bench.tokens();
        QCOMPARE(untrained.size(), trained.size());
        QVERIFY(untrained != trained);
        bench.focus.followLive();
        QVERIFY(bench.ready());
        QCOMPARE(bench.tokens(), trained);
    }

    void textsOfOtherMomentsAreListed() {
        WritingBench bench;
        QVERIFY(bench.train());
        QVERIFY(bench.ready());
        const auto& samples = bench.tab().samples().samples();
        QVERIFY(samples.size() > 3 && samples.size() <= 8);
        QCOMPARE(samples.front().checkpoint->step, std::int64_t{0});
        QCOMPARE(samples.back().checkpoint->step, std::int64_t{60});
        QCOMPARE(samples.back().text.trimmed().split(QLatin1Char(' ')).size(), 24);
        QVERIFY(samples.front().text != samples.back().text);
        emit bench.tab().samples().stepChosen(0);
        QCOMPARE(bench.focus.wantedStep(), std::int64_t{0});
    }

    void theHeadsLookIsNamed() {
        WritingBench bench;
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        const int position = static_cast<int>(bench.tab().desk().prompt().size()) + 2;
        bench.tab().choose(position);
        QVERIFY(bench.ready());
        QVERIFY2(!bench.tab().look().words().isEmpty(), "no words");
        double sum = 0;
        for (const WrittenPiece& piece : bench.tab().view().pieces()) sum += piece.weight;
        QVERIFY(std::abs(sum - 1) < 1e-4);
        QVERIFY(bench.tab().escape());
        QCOMPARE(bench.tab().chosen(), -1);
    }

    void keysWriteAndChoose() {
        WritingBench bench;
        WrittenView& view = bench.tab().view();
        view.setFocus();
        view.moveCursor(QTextCursor::End);
        QTest::keyClick(&view, Qt::Key_Right);
        QVERIFY(bench.ready());
        QCOMPARE(bench.tokens().size(), std::size_t{1});
        QTest::keyClick(&view, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(bench.ready());
        QCOMPARE(bench.tokens().size(), std::size_t{201});
        SurpriseStrip& strip = bench.tab().strip();
        const int first = static_cast<int>(bench.tab().desk().prompt().size());
        QTest::keyClick(&strip, Qt::Key_Home);
        QCOMPARE(bench.tab().chosen(), first);
        QTest::keyClick(&strip, Qt::Key_Right);
        QCOMPARE(bench.tab().chosen(), first + 1);
        QTest::keyClick(&strip, Qt::Key_End);
        QCOMPARE(bench.tab().chosen(), first + 200);
    }

    void aClickInTheTextChooses() {
        WritingBench bench;
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        WrittenView& view = bench.tab().view();
        const int piece = static_cast<int>(view.pieces().size()) - 200 + 4;
        view.verticalScrollBar()->setValue(0);
        const QRectF rect = view.rectsOf(piece).front();
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPointF(rect.right() - 2, rect.center().y()).toPoint());
        QCOMPARE(bench.tab().chosen(), static_cast<int>(bench.tab().desk().prompt().size()) + 4);
    }

    void aSessionKeepsIt() {
        WritingBench bench;
        bench.tab().setPrompt(QStringLiteral("1 2 3"));
        QVERIFY(bench.ready());
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        bench.tab().pick(4, 2);
        QVERIFY(bench.ready());
        Sampling sampling = Sampling::ofText();
        sampling.topK = 3;
        sampling.seed = 7;
        bench.tab().sampling().setSampling(sampling);
        const QJsonObject notes = bench.page.notes();
        WritingBench other;
        other.page.takeNotes(notes);
        QVERIFY(other.ready());
        QCOMPARE(other.tab().prompt(), QStringLiteral("1 2 3"));
        QCOMPARE(other.tokens().size(), std::size_t{200});
        QCOMPARE(other.tokens()[1], 2);
        QVERIFY(other.tab().sampling().sampling() == sampling);
    }

    void everythingIsExported() {
        WritingBench bench;
        bench.tab().writeOn();
        QVERIFY(bench.ready());
        bench.tab().choose(static_cast<int>(bench.tab().desk().prompt().size()));
        QVERIFY(bench.ready());
        const auto offers = bench.tab().figures();
        QCOMPARE(offers.size(), std::size_t{3});
        QCOMPARE(offers[0].make()->table().rows.size(), bench.tab().view().pieces().size());
        for (const FigureOffer& offer : offers) QVERIFY(offer.make()->size().height() > 0);
    }
};

QTEST_MAIN(WriteTabTest)
#include "write_tab_test.moc"
