#include "ui/pages/explain/explain_page.h"
#include "ui/pages/explain/answer_throw.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScrollBar>
#include <QWindow>
#include <QtTest>

#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/regression_experiment.h"
#include "tests/small_experiment.h"
#include "ui/pages/explain/answer_throw.h"
#include "ui/pages/explain/block_strip.h"
#include "ui/pages/explain/code_view.h"
#include "ui/pages/explain/drawing_view.h"
#include "ui/pages/explain/stage_rail.h"
#include "ui/pages/explain/statements_view.h"
#include "ui/pages/explain/term_list.h"
#include "ui/pages/explain/vector_plane.h"
#include "ui/runs/workspace.h"
#include "ui/scenes/input_name.h"
#include "ui/widgets/figure_file.h"
#include "ui/widgets/matrix_picture.h"
#include "ui/widgets/stage_desk.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

LoadedTask walkTask(int length = 6, int layers = 1) {
    const SmallSize size{
        .length = length, .train = 200, .validation = 20, .test = 10, .d_model = 8, .layers = layers, .steps = 20000, .batch = 128};
    return loadTask(resolved(smallExperiment(size)), {});
}

}  // namespace

class ExplainPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void init() {
        m_workspace = std::make_unique<Workspace>();
        m_focus = std::make_unique<Focus>();
        m_page = std::make_unique<ExplainPage>(*m_focus);
        m_page->resize(1160, 620);
        m_page->show();
        m_focus->setRun(m_workspace->add(walkTask()));
        QTRY_VERIFY(m_page->walk().hasBackward);
    }
    void cleanup() {
        m_page.reset();
        m_focus.reset();
        m_workspace.reset();
    }

    /// Hidden, it still has the walk of the run before when sizes or colours change.
    void theWalkOfTheRunBeforeIsNotAskedOfTheModelOfThis() {
        m_page->hide();
        Experiment experiment = smallExperiment({.length = 6, .train = 200, .d_model = 8, .layers = 1, .steps = 20});
        experiment.model.architecture = Architecture::decoder;
        Run* other = m_workspace->add(loadTask(experiment, {}));
        m_focus->setRun(other);
        const std::string weights = other->model()->attentionBlocks().front().name + ".weights";
        QTRY_VERIFY(m_focus->trace() && m_focus->trace()->contains(weights));
        Theme::instance().setScale(1.25);
        Theme::instance().setScale(1.0);
        m_page->show();
        QTRY_VERIFY(m_page->catchUp() && m_page->walk().hasBackward);
    }

    void oneArrowAndTheSumItIsHaveNamesOnTwoSides() {
        for (const double angle : {0.0, 0.4, 1.6, 2.9, 4.0, 5.5}) {
            PlaneScene scene;
            const double x = std::cos(angle), y = std::sin(angle);
            explain::PlaneArrow only;
            only.key = 0;
            only.weight = 1.0;
            only.toX = x, only.toY = y;
            scene.picture.arrows = {only};
            scene.picture.sumX = x, scene.picture.sumY = y;
            const PlaneScene::Names names = scene.names(QRectF(0, 0, 270, 160));
            const QPointF apart = names.arrows.front().center() - names.sum.center();
            QVERIFY(std::hypot(apart.x(), apart.y()) > Theme::instance().px(36));
        }
    }

    void factorsKeepTheirNamesInANarrowPanel() {
        explain::Expression e;
        e.operation = explain::Operation::sum;
        for (int i = 0; i < 16; ++i) {
            const std::string index = std::to_string(i) + ",13}";
            e.terms.push_back({{{-0.00556 / (i + 1), "\u2202y_{" + index, {}}, {-1.589 + 0.1 * i, "f_{" + index, {}}}, false});
        }
        TermList list;
        list.resize(Theme::instance().px(270), Theme::instance().px(400));
        list.setExpression(e);
        QVERIFY(list.namesFit());
    }

    void theStageStaysWhenInputHeadAndQueryChange() {
        m_page->showStage("d_softmax", {});
        m_focus->select({0, 1, 3, 2});
        QTRY_COMPARE(m_page->walk().query, 3);
        QCOMPARE(m_page->stage(), QString("d_softmax"));
        m_focus->showSample(5);
        QTest::qWait(0);
        QCOMPARE(m_page->stage(), QString("d_softmax"));
    }

    void theStatementsKeysBeatTheWindowsShortcuts() {
        int branches = 0;
        QAction action;
        action.setShortcut(Qt::Key_2);
        connect(&action, &QAction::triggered, this, [&] { ++branches; });
        m_page->addAction(&action);
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        auto* view = m_page->findChild<StatementsView*>();
        m_page->findChild<QPushButton*>("explain.header.statements")->click();
        QVERIFY(view->isVisible());
        const QString first = view->current();
        QVERIFY(!view->judged(first));
        QTest::keyClick(m_page->window()->windowHandle(), Qt::Key_2);
        QCOMPARE(branches, 0);
        QCOMPARE(view->judged(first), std::optional(explain::Verdict::fails));
        // A judgement keeps the keyboard where it was, and the keys at work.
        auto* verdict = view->findChild<QPushButton*>("explain.statements.verdict_1");
        verdict->setFocus();
        verdict->click();
        QVERIFY(verdict->hasFocus());
        QCOMPARE(view->judged(first), std::optional(explain::Verdict::holds));
        QTest::mouseClick(view, Qt::LeftButton, {}, QPoint(view->width() - 40, view->height() - 40));  // beside everything
        QTest::keyClick(m_page->window()->windowHandle(), Qt::Key_Down);
        const QString second = view->current();
        QVERIFY(second != first);
        QTest::keyClick(view->findChild<QListWidget*>(), Qt::Key_Return);
        QVERIFY(view->current() != second);
        QTest::keyClick(view->findChild<QListWidget*>(), Qt::Key_Up);
        QCOMPARE(view->current(), second);
        // The walk's own keys rest meanwhile.
        const QString stage = m_page->stage();
        QTest::keyClick(m_page->window()->windowHandle(), Qt::Key_PageDown);
        QCOMPARE(m_page->stage(), stage);
        QTest::keyClick(m_page->window()->windowHandle(), Qt::Key_Escape);
        const QString walked = m_page->stage();
        QVERIFY(walked != stage);
        QTest::keyClick(m_page->window()->windowHandle(), Qt::Key_PageDown);
        QVERIFY(m_page->stage() != walked);
        // What was judged stays.
        QVERIFY(m_page->showStage("statement." + first, {}));
        QCOMPARE(view->judged(first), std::optional(explain::Verdict::holds));
        m_page->showStage("mix", {});
        QVERIFY(!view->isVisible());
        QVERIFY(!m_page->showStage("statement.nothing", {}));
    }

    void theStatementsNumbersFollowTheInput() {
        auto* view = m_page->findChild<StatementsView*>();
        QVERIFY(m_page->showStage("statement.backpropagation", {}));  // the gradients of this very input
        view->judge(explain::Verdict::fails);
        const auto texts = [view] {
            QStringList all;
            for (const QLabel* label : view->findChildren<QLabel*>())
                if (!label->isHidden()) all << label->text();
            return all;
        };
        const QStringList before = texts();
        const QList<QLabel*> labels = view->findChildren<QLabel*>();
        m_focus->showSample(m_focus->sampleIndex() + 1);
        QTRY_VERIFY(texts() != before);
        QCOMPARE(view->findChildren<QLabel*>(), labels);  // in place: a press under way is not lost
    }

    void everyStatementIsPaintedOnceItIsJudged() {
        auto* view = m_page->findChild<StatementsView*>();
        for (const bool dark : {false, true}) {
            Theme::instance().setMode(dark ? Theme::Mode::dark : Theme::Mode::light);
            for (const explain::Statement& each : explain::statements()) {
                const QString id = QString::fromUtf8(each.id.data(), static_cast<qsizetype>(each.id.size()));
                QVERIFY(m_page->showStage("statement." + id, {}));
                view->judge(each.verdict);
                int pictures = 0;
                for (DrawingView* drawing : view->findChildren<DrawingView*>()) {
                    if (drawing->isHidden()) continue;
                    ++pictures;
                    drawing->resize(drawing->sizeHint());
                    QImage image(drawing->size(), QImage::Format_RGB32);
                    image.fill(Theme::instance().color(Role::screen));
                    const QImage empty = image;
                    drawing->render(&image, {}, {}, QWidget::DrawChildren);
                    QVERIFY2(image != empty, qPrintable(id));
                    QVERIFY2(!drawing->accessibleName().isEmpty() && !drawing->accessibleDescription().isEmpty(), qPrintable(id));
                }
                QVERIFY2(pictures > 0, qPrintable(id));
            }
        }
        Theme::instance().setMode(Theme::Mode::light);
    }

    void theThreeModelsAreTrainedWhenTheyAreAskedFor() {
        auto* view = m_page->findChild<StatementsView*>();
        QVERIFY(m_page->showStage("statement.no-mask", {}));
        auto* train = m_page->findChild<QPushButton*>("explain.statements.train");
        QVERIFY(!train->isVisible());
        view->judge(explain::Verdict::fails);
        QVERIFY(train->isVisible());
        const auto pictures = view->findChildren<DrawingView*>().size();
        train->click();
        QTRY_VERIFY(!train->isVisible());
        QVERIFY(view->findChildren<DrawingView*>().size() > pictures);
        QVERIFY(m_page->showStage("statement.no-mask-no-positions", {}));  // for the other statement too
        view->judge(explain::Verdict::fails);
        QVERIFY(!train->isVisible());
    }

    void showMeLeadsToThePlaceThatIsMeant() {
        QSignalSpy wanted(m_page.get(), &Page::placeWanted);
        QVERIFY(m_page->showStage("statement.values", {}));
        m_page->findChild<StatementsView*>()->judge(explain::Verdict::depends);
        auto* show = m_page->findChild<QPushButton*>("explain.statements.show");
        QVERIFY(show->isVisible());
        show->click();
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].value<Place>(), *Place::parse("explain?stage=mix"));
    }

    void enterDigsAsSoonAsThePageIsOpenAndFromTheRail() {
        m_page->hide();
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->showStage("mix", {});
        QVERIFY(m_page->focusWidget());
        QTest::keyClick(m_page->focusWidget(), Qt::Key_Return);
        QVERIFY(m_page->stage() != QString("mix"));
        m_page->showStage("mix", {});
        auto* rail = m_page->findChild<StageRail*>();
        rail->setFocus();
        QTest::keyClick(rail, Qt::Key_Return);
        QVERIFY(m_page->stage() != QString("mix"));
    }

    void digsDownAndComesBack() {
        m_page->showStage("mix", {});
        const explain::Expression sum = m_page->walk().explain(m_page->shownCell());
        const explain::CellRef weight = sum.terms[1].factors[0].from;
        m_page->dig(weight);
        QCOMPARE(m_page->stage(), QString("weights"));
        QCOMPARE(m_page->walk().explain(m_page->shownCell()).result, sum.terms[1].factors[0].value);
        m_page->goBack();
        QCOMPARE(m_page->stage(), QString("mix"));
    }

    void aValueOfAnotherKeyPutsThatKeyInHand() {
        m_page->showStage("mix", {});
        const explain::Expression sum = m_page->walk().explain(m_page->shownCell());
        m_page->dig(sum.terms[4].factors[1].from);
        QCOMPARE(m_page->walk().key, 4);
        QCOMPARE(m_page->walk().explain(m_page->shownCell()).result, sum.terms[4].factors[1].value);
    }

    void aNumberOfALaterLayerPutsItsBlockAndHeadInHandAndOneComesBack() {
        m_focus->setRun(m_workspace->add(walkTask(6, 2)));
        QTRY_VERIFY(m_page->walk().find("d_l1_keys"));
        m_focus->select({0, 0, 3, 2});
        QTRY_COMPARE(m_page->walk().query, 3);
        m_page->showStage("d_l1_query", {});
        const explain::CellRef cell{"d_l1_query", "a", 1, 2};
        const double weight = m_page->walk().grid(cell)->at(1, 2);
        m_page->dig(m_page->walk().explain(cell).terms[0].factors[0].from);
        QCOMPARE(m_page->stage(), QString("weights"));
        QCOMPARE(m_focus->selection().block, 1);
        QCOMPARE(m_focus->selection().head, 1);
        QCOMPARE(m_page->walk().explain(m_page->shownCell()).result, weight);
        m_page->goBack();
        QCOMPARE(m_page->stage(), QString("d_l1_query"));
        QCOMPARE(m_focus->selection().block, 0);
        QCOMPARE(m_focus->selection().head, 0);
    }

    void ownNumbersAreUndoneAndRedoneAndGiveWayToTheModels() {
        m_page->showStage("mix", {});
        const explain::CellRef cell{"mix", "mix", 0, 2};
        const double before = m_page->walk().grid(cell)->at(0, 2);
        QVERIFY(m_page->edit(cell, 5.0));
        QTRY_COMPARE(m_page->walk().grid(cell)->at(0, 2), 5.0);
        QCOMPARE(inputName(*m_focus), QString("own numbers"));
        m_page->undo();
        QTRY_COMPARE(m_page->walk().grid(cell)->at(0, 2), before);
        QCOMPARE(inputName(*m_focus), QString("validation sample 0"));
        m_page->redo();
        QTRY_COMPARE(m_page->walk().grid(cell)->at(0, 2), 5.0);
        m_page->returnToModel();
        QTRY_COMPARE(m_page->walk().grid(cell)->at(0, 2), before);
        QVERIFY(!m_page->edit({"mix", "exp", 0, 0}, 1.0));
    }

    void theThrowOfAModelOfNumbersShowsHowItsAnswerBends() {
        Experiment experiment = regressionExperiment({.kernel = "softmax", .layout = "separate"});
        m_focus->setRun(m_workspace->add(loadTask(resolved(experiment), {})));
        QTRY_VERIFY(m_focus->run()->experiment().model.answersNumbers() && m_page->walk().hasBackward);
        m_page->showStage("dot", {});
        const explain::CellRef cell{"dot", "dot", 0, 0};
        QTRY_VERIFY(m_page->walk().grid(cell));
        QVERIFY(m_page->edit(cell, m_page->walk().grid(cell)->at(0, 0)));
        AnswerThrow* axis = m_page->answerThrow();
        QTRY_VERIFY(!axis->isHidden());
        QTRY_VERIFY(!axis->numbers().empty());
        QVERIFY(axis->stretches().empty());
        axis->setValue(axis->maximum());
        const double reach = m_page->walk().grid(cell)->reach;
        const int key = m_page->shownCell().column;
        QTRY_VERIFY(std::abs(m_page->walk().grid(cell)->at(0, key) - reach) < 1e-3 * reach);
        QTRY_VERIFY(!axis->busy());
        const double answer = m_page->walk().find("logits")->find("logits")->at(0, explain::masterColumn);
        QVERIFY(std::abs(axis->numbers().back().numbers[0] - answer) < 1e-3 * (1.0 + std::abs(answer)));
        QVERIFY(axis->accessibleDescription().contains("answers from"));
    }

    void aScoreIsSetByItsFaderAndTheThrowShowsWhereTheAnswerFlips() {
        m_page->showStage("dot", {});
        AnswerThrow* axis = m_page->answerThrow();
        QVERIFY(axis->isHidden());
        const explain::CellRef cell{"dot", "dot", 0, 1};
        const double before = m_page->walk().grid(cell)->at(0, 1);
        QVERIFY(m_page->edit(cell, before));
        QTRY_VERIFY(!axis->isHidden());
        QTRY_VERIFY(!axis->stretches().empty());
        const double reach = m_page->walk().grid(cell)->reach;
        QCOMPARE(axis->stretches().front().from, -reach);
        QCOMPARE(axis->stretches().back().to, reach);
        axis->setValue(axis->maximum());  // of the chosen key
        const int key = m_page->shownCell().column;
        QTRY_VERIFY(std::abs(m_page->walk().grid(cell)->at(0, key) - reach) < 1e-3 * reach);
        const explain::Grid& weights = *m_page->walk().find("weights")->find("weights");
        QVERIFY(std::abs(weights.at(0, explain::masterColumn) - 1.0) < 1e-5);
        const auto& logits = m_page->walk().find("logits")->find("logits")->master;
        QCOMPARE(static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin()), axis->stretches().back().answer);
        // A drag goes on while the model computes, and is undone at once.
        const double top = m_page->walk().grid(cell)->at(0, key);
        const int middle = axis->height() / 2;
        QTest::mousePress(axis, Qt::LeftButton, {}, QPoint(axis->width() - 20, middle));
        for (const int x : {200, 150, 100}) {
            QMouseEvent drag(QEvent::MouseMove, QPointF(x, middle), axis->mapToGlobal(QPointF(x, middle)), Qt::NoButton, Qt::LeftButton,
                             {});
            QCoreApplication::sendEvent(axis, &drag);
            QVERIFY(axis->isVisible());
        }
        QTest::mouseRelease(axis, Qt::LeftButton, {}, QPoint(100, middle));
        QTRY_VERIFY(m_page->walk().grid(cell)->at(0, key) < 0.0);
        m_page->undo();
        QTRY_VERIFY(std::abs(m_page->walk().grid(cell)->at(0, key) - top) < 1e-3 * reach);
        // A weight set by hand is no softmax's any more, and a score set after it puts the softmax back.
        m_page->showStage("weights", {});
        const auto says = [&](const char* what) { return m_page->walk().find("weights")->text.english().find(what) != std::string::npos; };
        QVERIFY(says("adds up to 1"));
        QVERIFY(!says("no softmax made them"));
        QVERIFY(m_page->edit({"weights", "weights", 0, 1}, 0.5));
        QTRY_VERIFY(says("no softmax made them"));
        QVERIFY(m_page->edit({"weights", "scaled", 0, 1}, 0.5));
        QTRY_VERIFY(!says("no softmax made them"));
        m_page->returnToModel();
        QTRY_VERIFY(std::abs(m_page->walk().grid(cell)->at(0, 1) - before) < 1e-12);
        QVERIFY(axis->isHidden());
    }

    void aMatrixIsAPictureFirstAndNumbersOnDemand() {
        m_page->showStage("project", {});
        QVERIFY(m_page->showsPicture());
        QVERIFY(m_page->picture()->isVisible() && !m_page->desk()->isVisible());
        const auto& scene = m_page->picture()->scene();
        const explain::Walk& walk = m_page->walk();
        QCOMPARE(scene.waterfall().products.size(), static_cast<std::size_t>(walk.find("project")->find("q")->columns));
        QVERIFY(std::abs(scene.waterfall().result() - walk.find("project")->find("q")->at(0, explain::masterColumn)) < 1e-6);
        QTest::keyClick(m_page->picture(), Qt::Key_Down);
        QCOMPARE(m_page->shownCell(), (explain::CellRef{"project", "q", 1, explain::masterColumn}));
        QTest::keyClick(m_page->picture(), Qt::Key_Right);
        QCOMPARE(m_page->shownCell(), (explain::CellRef{"project", "k", 1, explain::masterColumn}));
        m_page->showPictures(false);
        QVERIFY(m_page->desk()->isVisible() && !m_page->picture()->isVisible());
        QCOMPARE(m_page->desk()->selected(), m_page->shownCell());
        m_page->showPictures(true);
        m_page->showExample(0);  // own numbers are set as numbers
        m_page->showStage("project", {});
        QVERIFY(!m_page->showsPicture());
        m_page->returnToModel();
        m_page->showStage("mix", {});
        QVERIFY(!m_page->showsPicture());
    }

    void aStageIsReadAsCodeInEachLanguageAndCopied() {
        QVERIFY(m_page->showStage("code.weights", {}));
        QCOMPARE(m_page->shownView(), ExplainPage::View::code);
        QCOMPARE(m_page->stage(), QString("code.weights"));
        CodeText* text = m_page->code()->text();
        QVERIFY(text->isVisible() && !m_page->desk()->isVisible());
        const QString lines = text->toPlainText();
        QVERIFY2(lines.startsWith("a = e / total"), qPrintable(lines));
        QCOMPARE(text->litLine(), 0);
        const double weight = m_page->walk().find("weights")->find("weights")->at(0, 0);
        QVERIFY2(lines.contains(QString("# a[h, i] = [%1").arg(weight, 0, 'g', 3)), qPrintable(lines));
        QVERIFY(text->accessibleName().contains("NumPy"));

        // The results are of the query in hand.
        QTest::keyClick(text, Qt::Key_Down, Qt::AltModifier);
        QTRY_VERIFY(text->toPlainText() != lines);
        QVERIFY(text->toPlainText().startsWith("a = e / total"));
        QTest::keyClick(text, Qt::Key_PageDown);
        QCOMPARE(m_page->stage(), QString("code.mix"));
        QVERIFY(text->toPlainText().startsWith("o = a @ v"));

        QTest::keyClick(text, Qt::Key_C, Qt::ControlModifier);
        QVERIFY(QApplication::clipboard()->text().startsWith("o = a @ v"));
        auto* all = m_page->findChild<QAbstractButton*>("explain.code.copy_all");
        all->click();
        const QString program = QApplication::clipboard()->text();
        QVERIFY(program.startsWith("import ") && program.contains("W_Q = P[") && program.contains("o = a @ v"));
        QVERIFY(!program.contains("W_O = P["));

        m_page->findChild<QAbstractButton*>("explain.code.language.2")->click();
        QVERIFY2(text->toPlainText().contains("scaled_dot_product_attention"), qPrintable(text->toPlainText()));
        m_page->findChild<QAbstractButton*>("explain.code.language.3")->click();
        QVERIFY2(text->toPlainText().startsWith("// core/"), qPrintable(text->toPlainText()));
        QVERIFY(all->isHidden());
        QVERIFY(m_page->showStage("d_softmax", {}));  // a place that asks for no code
        QCOMPARE(m_page->shownView(), ExplainPage::View::numbers);
    }

    void codeIsOfAModelsNumbers() {
        QVERIFY(m_page->showStage("code.mix", {}));
        m_page->showExample(0);
        QCOMPARE(m_page->shownView(), ExplainPage::View::numbers);
        QVERIFY(!m_page->findChild<QAbstractButton*>("explain.desk.view.3")->isEnabled());
        m_page->returnToModel();
        QTRY_COMPARE(m_page->shownView(), ExplainPage::View::code);
        QVERIFY(!m_page->showStage("code.nowhere", {}));
    }

    void thePartsOfTheBlockLeadToTheirStages() {
        m_page->showStage("mix", {});
        BlockStrip* strip = m_page->block();
        const auto click = [&](const char* id) {
            for (std::size_t i = 0; i < strip->parts().size(); ++i)
                if (strip->parts()[i].id == id) QTest::mouseClick(strip, Qt::LeftButton, {}, strip->place(i).center().toPoint());
        };
        click("logits");
        QVERIFY(m_page->stage() == "logits" || m_page->stage() == "final_norm" || m_page->stage() == "hidden");
        click("W_O");
        QCOMPARE(m_page->stage(), QString("output"));
        QTest::keyClick(strip, Qt::Key_Left);
        QCOMPARE(m_page->stage(), QString("mix"));
        m_page->showStage("d_logits", {});
        click("W_O");
        QCOMPARE(m_page->stage(), QString("d_output"));
        click("o");  // nothing comes back there by a stage of its own
        QCOMPARE(m_page->stage(), QString("d_output"));
        QVERIFY(strip->accessibleDescription().startsWith("backward"));
    }

    void anExamplesScoresFollowTheHand() {
        m_page->showExample(0);
        QVERIFY(m_page->edit({"scale", "scaled", 0, 2}, 3.0));
        const auto at = [&](const char* stage, const char* grid, int key) { return m_page->walk().find(stage)->find(grid)->at(0, key); };
        QVERIFY(std::abs(at("dot", "dot", 2) - 6.0) < 1e-12);
        QVERIFY(at("mix", "weights", 2) > 0.7);
        QVERIFY(m_page->answerThrow()->isHidden());  // no model answers
        QVERIFY(m_page->edit({"project", "q", 0, explain::masterColumn}, 1.0));
        QVERIFY(std::abs(at("dot", "dot", 2) - 6.0) > 1.0);  // what q and k give again
    }

    void examplesNeedNoModel() {
        m_page->showExample(2);
        const explain::Grid* mix = m_page->walk().find("mix")->find("mix");
        QVERIFY(std::abs(mix->at(0, explain::masterColumn) - 1.8) < 1e-12);
        QVERIFY(m_page->edit({"mix", "weights", 0, 0}, 0.0));
        QVERIFY(std::abs(m_page->walk().find("mix")->find("mix")->at(0, explain::masterColumn) - 1.1) < 1e-12);
        m_page->undo();
        QVERIFY(std::abs(m_page->walk().find("mix")->find("mix")->at(0, explain::masterColumn) - 1.8) < 1e-12);
        m_page->returnToModel();
        QVERIFY(m_page->walk().find("logits"));
    }

    /// "They cancel" is said of values that point against each other, and no longer once a hand has changed them.
    void whatIsSaidOfAnExampleIsSaidOfItsOwnNumbers() {
        const auto saysCancel = [&] {
            return std::ranges::any_of(m_page->walk().find("mix")->notes,
                                       [](const explain::Words& note) { return note.english().find("cancel") != std::string::npos; });
        };
        m_page->showExample(3);
        QVERIFY(saysCancel());
        QVERIFY(m_page->edit({"mix", "mix", 0, 1}, 2.0));
        QVERIFY(!saysCancel());
        m_page->undo();
        QVERIFY(saysCancel());
    }

    void aDragIsUndoneAtOnce() {
        m_page->showExample(2);
        const explain::CellRef cell{"mix", "weights", 0, 0};
        const auto weight = [&] { return m_page->walk().grid(cell)->at(0, 0); };
        QVERIFY(m_page->edit(cell, 0.4, false));
        QVERIFY(m_page->edit(cell, 0.3, true));
        QVERIFY(m_page->edit(cell, 0.2, true));
        QCOMPARE(weight(), 0.2);
        m_page->undo();
        QCOMPARE(weight(), 0.7);
        m_page->redo();
        QCOMPARE(weight(), 0.2);
    }

    void withoutProjectionsOneChangeIsAChangeOfQueryKeyAndValue() {
        m_page->showExample(4);
        QVERIFY(m_page->edit({"mix", "mix", 0, 0}, 2.0));
        const explain::Grid* products = m_page->walk().find("dot")->find("dot");
        const double row[] = {2.0, .2, .3, .1};
        double square = 0.0;
        for (const double x : row) square += x * x;
        QVERIFY(std::abs(products->at(0, 0) - square) < 1e-12);
    }

    void keysAloneSuffice() {
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->showStage("mix", {});
        m_page->desk()->setFocus();
        QWidget* desk = m_page->desk();
        QTest::keyClick(desk, Qt::Key_PageDown);
        QCOMPARE(m_page->stage(), QString("heads"));
        QTest::keyClick(desk, Qt::Key_PageUp);
        QTest::keyClick(desk, Qt::Key_PageUp);
        QCOMPARE(m_page->stage(), QString("weights"));
        QTest::keyClick(desk, Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(m_page->walk().query, 1);
        QTest::keyClick(desk, Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(m_page->walk().key, 1);
        QTest::keyClick(desk, Qt::Key_BracketRight);
        QCOMPARE(m_focus->selection().head, 1);
        QTest::keyClick(desk, Qt::Key_Right);
        QTest::keyClick(desk, Qt::Key_Return);  // down to where the number comes from
        QVERIFY(m_page->stage() != QString("weights"));
        QTest::keyClick(desk, Qt::Key_Backspace);
        QCOMPARE(m_page->stage(), QString("weights"));
    }

    void theStageCanBeExported() {
        for (const explain::Stage& stage : m_page->walk().stages) {
            m_page->showStage(QString::fromStdString(stage.id), {});
            const auto offers = m_page->figures();
            QVERIFY(!offers.empty());
            for (const FigureOffer& offer : offers) {
                const auto figure = offer.make();
                QVERIFY(!figure->title.isEmpty() && figure->caption.contains("head 0"));
                QVERIFY(figureBytes(*figure, FigureFormat::svg).contains("<svg"));
                QVERIFY(!figure->table().rows.empty());
            }
        }
    }

    void theUpdateKnowsTheRunsOwnMoments() {
        Run* run = m_focus->run();
        m_focus->followLive();
        for (int i = 0; i < 7; ++i) run->stepOnce();
        QTRY_COMPARE(m_focus->traceStep(), 7);
        m_page->showStage("update", {});
        const auto notes = [&] {
            std::string all;
            for (const explain::Words& note : m_page->walk().find("update")->notes) all += note.english();
            return all;
        };
        QTRY_VERIFY(notes().find("own after step 7") != std::string::npos);
        const explain::Grid& grid = m_page->walk().find("update")->grids.front();
        const auto m = std::find(grid.rowLabels.begin(), grid.rowLabels.end(), explain::Words("m")) - grid.rowLabels.begin();
        double largest = 0.0;
        for (int c = 0; c < grid.columns; ++c) largest = std::max(largest, std::abs(grid.at(static_cast<int>(m), c)));
        QVERIFY(largest > 0.0);
    }

    /// Also when the optimizer's memory is at hand at once, and came later than the walk that stood there.
    void theUpdateIsCheckedWithTheMomentsItShows() {
        Run* run = m_focus->run();
        m_focus->followLive();
        for (int i = 0; i < 7; ++i) run->stepOnce();
        QTRY_COMPARE(m_focus->traceStep(), 7);
        const auto* label = m_page->findChild<QLabel*>("explain.check.links");
        m_page->showStage("update", {});
        const auto knowsMoments = [&] {
            return std::ranges::any_of(m_page->walk().find("update")->notes, [](const explain::Words& note) {
                return note.english().find("own after step 7") != std::string::npos;
            });
        };
        QTRY_VERIFY(knowsMoments());
        for (const int head : {1, 0}) {
            m_page->showStage("mix", {});
            m_focus->select({0, head, 2, 1});
            QTRY_VERIFY(m_page->walk().query == 2 && label->text().contains("checked"));
            m_page->showStage("update", {});
            QTRY_VERIFY(knowsMoments());
            QTRY_VERIFY2(label->text().contains("checked"), qPrintable(label->text()));
        }
    }

    void whileATrainingRunsTheSelfCheckAlwaysHasAnAnswer() {
        Run* run = m_focus->run();
        const auto* label = m_page->findChild<QLabel*>("explain.check.links");
        QTRY_VERIFY(label->text().contains("checked"));
        m_focus->followLive();
        run->setPace(0);
        int pictures = 0, without = 0;
        const auto count = connect(m_page.get(), &Page::refreshed, m_page.get(), [&] {
            ++pictures;
            without += !label->text().contains("checked");
        });
        run->train();
        QTRY_VERIFY(pictures > 20);
        disconnect(count);
        QCOMPARE(without, 0);
        run->pause();
        QTRY_VERIFY(run->state() != Run::State::training);
        QTRY_VERIFY(label->text().contains("checked") && !label->text().contains("follows"));
    }

    void whileATrainingRunsTheUpdateHasItsMomentsAndSaysOfWhichStep() {
        Run* run = m_focus->run();
        m_focus->followLive();
        m_page->showStage("update", {});
        run->setPace(0);
        run->train();
        const auto knows = [&] {
            const explain::Stage* update = m_page->walk().find("update");
            return std::ranges::any_of(update->notes, [](const explain::Words& note) {
                const std::string said = note.english();
                return said.find("own after step") != std::string::npos && said.find("own after step 0") == std::string::npos;
            });
        };
        QTRY_VERIFY(run->state() == Run::State::training && knows());
        run->pause();
        QTRY_VERIFY(run->state() != Run::State::training);
        const auto exact = [&] {
            const std::string own = "own after step " + std::to_string(m_focus->traceStep()) + ".";
            return std::ranges::any_of(m_page->walk().find("update")->notes,
                                       [&](const explain::Words& note) { return note.english().find(own) != std::string::npos; });
        };
        QTRY_VERIFY(exact());
    }

    void readableForThreeAndSixtyFourTokens() {
        for (const int n : {3, 64}) {
            LoadedTask task = walkTask(n);
            m_page->showStage("mix", {});
            m_focus->setRun(m_workspace->add(std::move(task)));
            QTRY_COMPARE(m_page->walk().find("mix") ? m_page->walk().find("mix")->find("mix")->columns : 0, n);
            for (const explain::Stage& stage : m_page->walk().stages) {
                m_page->showStage(QString::fromStdString(stage.id), {});
                QVERIFY(!m_page->grab().isNull());
                const DeskScene& scene = m_page->desk()->scene();
                QVERIFY2(scene.columnWidth() >= Theme::instance().px(33), stage.id.c_str());
                QCOMPARE(scene.overviewHeight() > 0.0, scene.shownColumns() < scene.columns());
            }
        }
    }

    /// As on a screen of 1920 x 1080 at scale 2, or a smaller one at 125 %: the page scrolls rather than losing a part.
    void theSumAsVectorsHasItsRoomInALowWindow() {
        m_page->showStage("mix", {});
        m_page->resize(Theme::instance().px(844), 10);
        // What is said of the check comes from another thread, and lines break anew when it does.
        QTRY_VERIFY2(m_page->minimumSizeHint().height() <= Theme::instance().px(480),
                     qPrintable(QString::number(m_page->minimumSizeHint().height())));
        const int least = m_page->minimumSizeHint().height();
        m_page->resize(Theme::instance().px(844), least);
        const auto* plane = m_page->findChild<VectorPlane*>();
        QTRY_VERIFY(plane->height() >= plane->minimumSizeHint().height());
        const PlaneScene& scene = plane->scene();
        QVERIFY(plane->height() - scene.legendHeight(scene.legendIn(plane->height())) >= Theme::instance().px(90));
        const auto* label = m_page->findChild<QLabel*>("explain.check.links");
        QTRY_VERIFY(label->text().contains("checked"));
        QTRY_VERIFY(label->height() >= label->sizeHint().height());
        QVERIFY(label->toolTip().contains("checked"));
    }

    void theColumnsFollowTheQuery() {
        m_focus->setRun(m_workspace->add(walkTask(64)));
        m_page->showStage("weights", {});
        const auto litInSight = [this] {
            const DeskScene& scene = m_page->desk()->scene();
            const int left = m_page->desk()->horizontalScrollBar()->value();
            for (const explain::Grid& grid : scene.stage().grids)
                if (!grid.litColumns.empty())
                    return grid.litColumns.front() >= left && grid.litColumns.front() < left + scene.shownColumns();
            return false;
        };
        for (const int query : {3, 40, 11, 63, 0}) {
            m_focus->select({0, 0, query, 0});
            QTRY_COMPARE(m_page->walk().query, query);
            QVERIFY(m_page->desk()->scene().shownColumns() < 64);
            QVERIFY2(litInSight(), qPrintable(QString::number(query)));
        }
    }

    void everyStageCanBeDrawn() {
        for (const explain::Stage& stage : m_page->walk().stages) {
            m_page->showStage(QString::fromStdString(stage.id), {});
            QVERIFY(!m_page->grab().isNull());
        }
    }

private:
    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<Focus> m_focus;
    std::unique_ptr<ExplainPage> m_page;
};

QTEST_MAIN(ExplainPageTest)
#include "explain_page_test.moc"
