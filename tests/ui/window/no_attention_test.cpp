#include <QComboBox>
#include <QRadioButton>
#include <QTemporaryDir>
#include <QtTest>

#include "core/data/loaded_task.h"
#include "tests/small_experiment.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/pages/page.h"
#include "ui/runs/run.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"
#include "ui/window/main_window.h"

using namespace lab;

namespace {

constexpr int trained = 40;

LoadedTask taskWith(MixerKind mixer) {
    Experiment experiment = smallExperiment({.layers = 2, .steps = trained});
    experiment.model.mixer.kind = mixer;
    experiment.training.validate_every = 10;
    return loadTask(experiment, {});
}

/// The window with a run that attends and one that does not, both trained.
class TwoMixers {
public:
    TwoMixers() {
        window.resize(1280, 800);
        window.show();
        for (const MixerKind mixer : {MixerKind::attention, MixerKind::feed_forward}) {
            runs.push_back(workspace.add(taskWith(mixer)));
            runs.back()->setPace(0);
            runs.back()->train();
        }
        [this] { QTRY_VERIFY(runs[0]->step() == trained && runs[1]->step() == trained); }();
        focus.setRun(runs[0]);
    }
    ~TwoMixers() { workspace.stop(); }

    int pages() const { return static_cast<int>(window.pages().size()); }
    Page& show(int index) {
        window.showPage(index);
        Page& page = *window.pages()[static_cast<std::size_t>(index)];
        [&page] { QTRY_VERIFY(page.catchUp()); }();
        return page;
    }
    Page& show(const QString& icon) {
        int index = 0;
        while (window.pages()[static_cast<std::size_t>(index)]->iconName() != icon) ++index;
        return show(index);
    }

    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    std::vector<Run*> runs;
};

/// What the empty state in sight says, or nothing.
QString absenceOf(const Page& page) {
    for (const EmptyState* state : page.findChildren<EmptyState*>())
        if (state->isVisible()) return state->accessibleName();
    return {};
}

/// Each choice of the controls in sight, and the keys that move heads and stages.
void tryEverything(Page& page) {
    for (QPointer<SegmentedControl> control : page.findChildren<SegmentedControl*>())
        for (int choice = 0; control && control->isVisible(); ++choice) {
            const auto buttons = control->findChildren<QRadioButton*>();
            if (choice >= buttons.size()) break;
            if (buttons[choice]->isEnabled()) buttons[choice]->click();
            QCoreApplication::processEvents();
        }
    for (const Qt::Key key : {Qt::Key_PageUp, Qt::Key_PageDown, Qt::Key_BracketLeft, Qt::Key_BracketRight, Qt::Key_Escape})
        QTest::keyClick(&page, key);
    QCoreApplication::processEvents();
}

}  // namespace

/// A model whose positions a feed-forward net mixes: what is about attention says that there is none, everything else serves it.
class NoAttentionTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(m_home.isValid());
        qputenv("XDG_CONFIG_HOME", m_home.path().toUtf8());
        Theme::instance().apply();
    }

    void everyPageBearsItBesideARunThatAttends() {
        TwoMixers two;
        for (int index = 0; index < two.pages(); ++index) {
            two.focus.setRun(two.runs[0]);
            two.show(index);
            two.focus.setRun(two.runs[1]);
            QTRY_VERIFY(two.focus.trace());
            tryEverything(two.show(index));
            for (const FigureOffer& offer : two.show(index).allFigures()) QVERIFY2(offer.make(), qPrintable(offer.name));
        }
        two.focus.setRun(two.runs[0]);
        QTRY_COMPARE(absenceOf(two.show(QStringLiteral("explain"))), QString());
    }

    void pagesAboutAttentionSayThatThereIsNone() {
        const QString none = QStringLiteral("This model has no attention");
        TwoMixers two;
        for (const char* icon : {"maps", "explain"}) {
            two.focus.setRun(two.runs[1]);
            Page& page = two.show(QLatin1String(icon));
            QTRY_COMPARE(absenceOf(page), none);
            QVERIFY(page.figures().empty());
            two.focus.setRun(two.runs[0]);
            QTRY_COMPARE(absenceOf(page), QString());
        }
    }

    void thereIsNoWayBackToHeadsThatAreNotThere() {
        TwoMixers two;
        auto& maps = dynamic_cast<MapsPage&>(two.show(QStringLiteral("maps")));
        maps.setEnlarged(true);
        const auto* back = maps.findChild<QWidget*>(QStringLiteral("maps.header.back"));
        QTRY_VERIFY(back->isVisible());
        two.focus.setRun(two.runs[1]);
        QTRY_VERIFY(!back->isVisible());
        two.focus.setRun(two.runs[0]);
        QTRY_VERIFY(back->isVisible());
    }

    void itsPositionsAreShownWhereTheyAreNoMatterOfHeads() {
        TwoMixers two;
        two.focus.setRun(two.runs[1]);
        Page& page = two.show(QStringLiteral("positions"));
        QCOMPARE(absenceOf(page), QString());  // sinusoidal
        QCOMPARE(page.findChild<PageHeader*>()->detail(), QStringLiteral("This model has no attention"));
        auto* kinds = page.findChild<QComboBox*>(QStringLiteral("positions.header.kind_list"));
        for (const char* ofHeads : {"ALiBi", "relative", "KV+Pos", "none"}) {
            emit kinds->activated(kinds->findText(QLatin1String(ofHeads)));
            QTRY_COMPARE(absenceOf(page), QStringLiteral("This model has no attention"));
        }
    }

private:
    QTemporaryDir m_home;
};

QTEST_MAIN(NoAttentionTest)
#include "no_attention_test.moc"
