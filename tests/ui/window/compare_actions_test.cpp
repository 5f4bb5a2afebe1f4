#include "ui/window/compare_actions.h"

#include <QLineEdit>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>

#include "core/analysis/run_comparison.h"
#include "core/config/visitor.h"
#include "tests/patience.h"
#include "ui/documents/session.h"
#include "ui/forms/duplicate_dialog.h"
#include "ui/forms/field_row.h"
#include "ui/forms/settings_form.h"
#include "ui/pages/compare/compare_maps.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/pages/compare/run_table.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/error_strip.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/page_book.h"
#include "ui/window/split_view.h"

using namespace lab;

namespace {

/// A whole window whose settings and session lie in a folder of the test's own.
struct CompareDesk {
    CompareDesk() : files(window, folder.filePath(QStringLiteral("settings.ini")), folder.filePath(QStringLiteral("session.safetensors"))) {
        files.begin();
        window.resize(1280, 800);
        window.show();
        window.activateWindow();
        actions = files.findChild<CompareActions*>();
        page = &window.pages().get<ComparePage>();
    }
    ~CompareDesk() { workspace.stop(); }

    QAction* action(const char* name) { return window.actions().find(QLatin1String(name)); }
    DuplicateDialog* dialog() { return window.findChild<DuplicateDialog*>(); }
    void type(const char* path, const QString& text) {
        auto* line = qobject_cast<QLineEdit*>(&dialog()->form().row(path).editor());
        line->selectAll();
        QTest::keyClicks(line, text);
    }
    bool onComparePage() { return window.pages()[static_cast<std::size_t>(window.pageIndex())] == page; }

    QTemporaryDir folder;
    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    FileActions files;
    CompareActions* actions = nullptr;
    ComparePage* page = nullptr;
};

std::vector<std::string> differing(const Run& a, const Run& b) {
    std::vector<std::string> paths;
    for (const Difference& each : differencesOf(std::vector<Experiment>{a.experiment(), b.experiment()})) paths.push_back(each.path);
    return paths;
}

}  // namespace

class CompareActionsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void duplicatesTheRunShownWithAnyFieldChanged();
    void duplicatesSeeds();
    void refusesAChangeThatCannotBeTrained();
    void aComparisonReplacesWhatIsOpenAndTrains();
    void aPlaceCanNameAComparison();
    void runsWithAttentionMayGoBeforeThoseWithout();
    void aComparisonOfSeedsStandsTogether();
    void ctrlSpaceTrainsAndPausesAll();
    void showingAnotherVariantIsNoUnsavedChange();
    void aPageHasItsPlaceWithoutAWorkspaceToo();
    void everyPageShowsTwoRunsBesideEachOther();
    void theTwoSidesNeverShowTheSameRun();
    void removingTheRunBesideEndsTheSplit();
    void withoutAnotherRunNothingIsSplit();
};

void CompareActionsTest::initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    Theme::instance().apply();
}

void CompareActionsTest::duplicatesTheRunShownWithAnyFieldChanged() {
    CompareDesk desk;
    desk.action("compare.duplicate")->trigger();
    QVERIFY(desk.dialog());
    QVERIFY(!desk.dialog()->acceptButton().isEnabled());  // nothing differs yet
    desk.type("model.d_model", QStringLiteral("16"));
    QVERIFY(desk.dialog()->acceptButton().isEnabled());
    desk.dialog()->nameField().setText(QStringLiteral("narrow"));
    desk.dialog()->acceptButton().click();
    QCOMPARE(desk.workspace.runs().size(), std::size_t{2});
    const Run &first = *desk.workspace.runs()[0], &copy = *desk.workspace.runs()[1];
    QCOMPARE(copy.name(), QStringLiteral("narrow"));
    QCOMPARE(differing(first, copy), std::vector<std::string>{"model.d_model"});
    QCOMPARE(copy.state(), Run::State::paused);
    QCOMPARE(desk.focus.run(), &first);
    QVERIFY(desk.onComparePage());
    QVERIFY(first.series() != copy.series());
}

void CompareActionsTest::duplicatesSeeds() {
    CompareDesk desk;
    desk.focus.run()->train();
    desk.action("compare.duplicate")->trigger();
    desk.dialog()->seeds().setCurrent(1);
    desk.type("model.d_model", QStringLiteral("16"));
    desk.dialog()->acceptButton().click();
    const auto& runs = desk.workspace.runs();
    QCOMPARE(runs.size(), std::size_t{4});
    for (std::size_t i = 1; i < 4; ++i) {
        QCOMPARE(runs[i]->experiment().training.seed, runs[0]->experiment().training.seed + i - 1);
        QCOMPARE(runs[i]->state(), Run::State::training);  // as the one they were made from
        QCOMPARE(runs[i]->series(), runs[1]->series());
        QVERIFY(sameVariant(runs[i]->experiment(), runs[1]->experiment()));
    }
}

void CompareActionsTest::refusesAChangeThatCannotBeTrained() {
    CompareDesk desk;
    desk.action("compare.duplicate")->trigger();
    desk.type("model.num_heads", QStringLiteral("3"));
    QVERIFY(!desk.dialog()->acceptButton().isEnabled());
}

void CompareActionsTest::aComparisonReplacesWhatIsOpenAndTrains() {
    CompareDesk desk;
    desk.action("compare.forms")->trigger();
    const auto& runs = desk.workspace.runs();
    QTRY_COMPARE(runs.size(), std::size_t{3});
    QCOMPARE(desk.focus.run(), runs[0]);
    QVERIFY(desk.onComparePage());
    for (std::size_t i = 0; i < 3; ++i) {
        QCOMPARE(runs[i]->state(), Run::State::training);
        QCOMPARE(runs[i]->series(), static_cast<int>(i));
        QCOMPARE(runs[i]->name(), QString::fromStdString(comparisons()[0].variants[i].name));
    }
    QVERIFY(sameBatches(runs[0]->experiment(), runs[2]->experiment()));
    QTRY_VERIFY(runs[2]->step() > 3);
}

void CompareActionsTest::aPlaceCanNameAComparison() {
    CompareDesk desk;
    QVERIFY(desk.window.showPlace(*Place::parse("compare?stage=comparison.7-mixers")));
    QTRY_COMPARE(desk.workspace.runs().size(), std::size_t{4});
    QVERIFY(desk.onComparePage());
    QVERIFY(!desk.window.showPlace(*Place::parse("compare?stage=comparison.9-nothing")));
}

void CompareActionsTest::runsWithAttentionMayGoBeforeThoseWithout() {
    CompareDesk desk;
    desk.action("compare.mixers")->trigger();
    const auto& runs = desk.workspace.runs();
    QTRY_COMPARE(runs.size(), std::size_t{4});
    QTRY_VERIFY(desk.page->findChild<CompareMaps*>()->isVisible());
    desk.workspace.remove(runs[0]);
    desk.workspace.remove(runs[0]);  // the two nets are left
    QCOMPARE(runs.size(), std::size_t{2});
    QVERIFY(runs[0]->model()->attentionBlocks().empty());
    QVERIFY(!desk.page->findChild<CompareMaps*>()->headShown(0));
}

void CompareActionsTest::aComparisonOfSeedsStandsTogether() {
    CompareDesk desk;
    desk.action("compare.kv-heads.seeds")->trigger();
    const auto& runs = desk.workspace.runs();
    QTRY_COMPARE(runs.size(), std::size_t{15});
    for (std::size_t i = 0; i < 15; ++i) {
        QCOMPARE(runs[i]->series(), static_cast<int>(i / 5));
        QCOMPARE(runs[i]->experiment().training.seed, std::uint64_t(i % 5 + 1));
    }
    QTRY_COMPARE(desk.page->table().rows().size(), std::size_t{3});
    QCOMPARE(desk.page->table().rows()[1].name, QStringLiteral("GQA"));
    QCOMPARE(desk.page->table().rows()[2].cache, QStringLiteral("128"));
}

void CompareActionsTest::ctrlSpaceTrainsAndPausesAll() {
    CompareDesk desk;
    desk.action("compare.windows")->trigger();
    QVERIFY(desk.workspace.anyTraining());
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    desk.window.showPage(0);
    QTest::keyClick(&desk.window, Qt::Key_Space, Qt::ControlModifier);
    QVERIFY(!desk.workspace.anyTraining());
    QTest::keyClick(&desk.window, Qt::Key_Space, Qt::ControlModifier);
    for (const Run* run : desk.workspace.runs()) QCOMPARE(run->state(), Run::State::training);
    QTest::keyClick(&desk.window, Qt::Key_Space);  // elsewhere the key is the shown run's alone
    QCOMPARE(desk.workspace.runs()[0]->state(), Run::State::paused);
    QCOMPARE(desk.workspace.runs()[1]->state(), Run::State::training);
    desk.action("page.compare")->trigger();
    QTest::keyClick(&desk.window, Qt::Key_Space);
    QVERIFY(!desk.workspace.anyTraining());
}

void CompareActionsTest::showingAnotherVariantIsNoUnsavedChange() {
    CompareDesk desk;
    desk.action("compare.forms")->trigger();
    for (Run* run : desk.workspace.runs()) {
        desk.focus.setRun(run);
        QCOMPARE(desk.window.session().run(), run);
        QVERIFY(!desk.window.session().isModified());
        QVERIFY(!desk.window.session().hasDraftChanges());
    }
}

/// So that the two sides mean the same page by the same place.
void CompareActionsTest::aPageHasItsPlaceWithoutAWorkspaceToo() {
    Workspace workspace;
    Focus focus;
    QStackedWidget stack, second;
    PageBook all(focus, &workspace, stack), ofOneRun(focus, nullptr, second);
    QCOMPARE(ofOneRun.size(), all.size());
    QCOMPARE(second.count(), stack.count());
    int without = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        QVERIFY(all[i]);
        if (!ofOneRun[i]) ++without;
        QVERIFY(!ofOneRun[i] || ofOneRun[i]->iconName() == all[i]->iconName());
    }
    QVERIFY(without > 0);
}

void CompareActionsTest::everyPageShowsTwoRunsBesideEachOther() {
    CompareDesk desk;
    desk.action("compare.forms")->trigger();
    desk.workspace.pauseAll();
    desk.action("view.split")->trigger();
    SplitView& split = desk.window.split();
    QVERIFY(split.isSplit());
    QCOMPARE(split.secondRun(), desk.workspace.runs()[1]);
    for (std::size_t i = 0; i < desk.window.pages().size(); ++i) {
        Page* page = desk.window.pages()[i];
        desk.window.showPage(static_cast<int>(i));
        if (page == desk.page || QStringList{"sweeps", "incontext", "codes"}.contains(page->iconName())) {
            // these show several runs themselves, or a number that is no run's
            QVERIFY(!split.secondPage() || !split.secondPage()->isVisible());
            continue;
        }
        QVERIFY(split.secondPage() && split.secondPage()->isVisible());
        QCOMPARE(split.secondPage()->metaObject()->className(), page->metaObject()->className());
        QVERIFY(split.secondPage() != page);
    }
    desk.window.showPage(1);
    desk.focus.showSample(7);
    desk.focus.select({0, 0, 5, 6});
    QCOMPARE(split.secondFocus().sampleIndex(), 7);
    QCOMPARE(split.secondFocus().selection(), desk.focus.selection());
    desk.action("view.split")->trigger();
    QVERIFY(!split.isSplit());
    QVERIFY(!split.secondPage()->isVisible());
}

void CompareActionsTest::theTwoSidesNeverShowTheSameRun() {
    CompareDesk desk;
    desk.action("compare.forms")->trigger();
    const auto& runs = desk.workspace.runs();
    desk.action("view.split")->trigger();
    SplitView& split = desk.window.split();
    desk.focus.setRun(runs[2]);
    QCOMPARE(split.secondRun(), runs[1]);
    desk.focus.setRun(runs[1]);
    QCOMPARE(split.secondRun(), runs[2]);
    QCOMPARE(split.secondFocus().run(), runs[2]);
}

void CompareActionsTest::removingTheRunBesideEndsTheSplit() {
    CompareDesk desk;
    desk.action("compare.forms")->trigger();
    desk.action("view.split")->trigger();
    desk.workspace.remove(desk.workspace.runs()[1]);
    QVERIFY(!desk.window.split().isSplit());
    desk.action("view.split")->trigger();
    QVERIFY(desk.window.split().isSplit());
    desk.page->removeRun(desk.focus.run());  // the one in front
    QVERIFY(!desk.window.split().isSplit());
    QCOMPARE(desk.workspace.runs().size(), std::size_t{1});
}

void CompareActionsTest::withoutAnotherRunNothingIsSplit() {
    CompareDesk desk;
    desk.action("view.split")->trigger();
    QVERIFY(!desk.window.split().isSplit());
    QVERIFY(desk.window.findChild<ErrorStrip*>()->isVisible());
}

QTEST_MAIN(CompareActionsTest)
#include "compare_actions_test.moc"
