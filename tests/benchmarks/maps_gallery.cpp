// Pictures of the whole window with the Maps page in every view, to be looked at beside each other; asserts nothing.
//
//     QT_QPA_PLATFORM=offscreen maps_gallery FOLDER EXPERIMENT.json STEPS [light|dark] [WIDTHxHEIGHT] [SCALE] [VIEW ...]
//
// Trains STEPS steps, then writes FOLDER/VIEW.png for each view (all of them unless some are named).

#include <QApplication>
#include <QElapsedTimer>
#include <QTest>
#include <cstdio>
#include <functional>

#include "tests/patience.h"
#include "ui/pages/maps/ablation_view.h"
#include "ui/pages/maps/flow_view.h"
#include "ui/pages/maps/head_view.h"
#include "ui/pages/maps/heads_view.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/pages/maps/maps_views.h"
#include "ui/pages/maps/stage_controls.h"
#include "ui/runs/comparison.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/input_bar.h"
#include "ui/window/main_window.h"

using namespace lab;

namespace {

class Gallery {
public:
    Gallery(MainWindow& window, Focus& focus, MapsPage& page) : m_window(window), m_focus(focus), m_page(page) {}

    struct View {
        QString name;
        std::function<void()> show;
    };
    std::vector<View> views() {
        using Kind = MapsViews::View;
        std::vector<View> all{{"all-heads", [this] { maps(false); }}, {"head", [this] { maps(true); }}};
        for (const MapStage stage : mapStageList)
            all.push_back({"stage-" + QString::fromStdString(mapStageName(stage)), [this, stage] { maps(true, stage); }});
        all.push_back({"all-score_gradient", [this] { maps(false, MapStage::scoreGradient); }});
        all.push_back({"all-per-head", [this] { maps(false, MapStage::scores, true); }});
        all.push_back({"lines", [this] { maps(true, MapStage::weights, false, 1); }});
        all.push_back({"both", [this] { maps(true, MapStage::weights, false, 2); }});
        all.push_back({"difference", [this] { difference(); }});
        all.push_back({"metrics", [this] { view(Kind::metrics); }});
        all.push_back({"switches", [this] { switches(); }});
        all.push_back({"flow", [this] { view(Kind::flow); }});
        all.push_back({"start", [this] {
                           maps(false);
                           m_focus.showStep(0);
                       }});
        return all;
    }

    /// Back to how the window opens.
    void rest() {
        m_focus.comparison().drop();
        m_focus.setHeadChanges({});
        m_focus.followLive();
        m_page.views().setView(MapsViews::View::maps);
        look(MapStage::weights, false);
    }

private:
    void look(MapStage stage, bool perHead) {
        auto* controls = m_page.findChild<StageControls*>();
        controls->setLook({stage, perHead});
        emit controls->lookChanged();
    }
    void maps(bool enlarged, MapStage stage = MapStage::weights, bool perHead = false, int show = 0) {
        look(stage, perHead);
        m_page.setEnlarged(enlarged);
        for (auto* control : m_page.findChildren<SegmentedControl*>())
            if (control->accessibleName() == MapsPage::tr("Shown as")) {
                control->setCurrent(show);
                emit control->chosen(show);
            }
        const AttentionBlock& block = m_focus.run()->model()->attentionBlocks().back();
        m_focus.select({static_cast<int>(m_focus.run()->model()->attentionBlocks().size()) - 1, block.heads - 1, 5, 3});
    }
    void difference() {
        maps(true);
        m_focus.comparison().keep(m_focus.input(), QStringLiteral("validation sample 0"));
        m_focus.showSample(3);
    }
    void view(MapsViews::View kind) { m_page.views().setView(kind); }
    void switches() {
        view(MapsViews::View::switches);
        auto* view = m_page.findChild<AblationView*>();
        view->setState({0, 0}, AblationTable::State::off);
        view->study().rank(m_focus.run(), m_focus.checkpoint());
        if (!QTest::qWaitFor([&] { return !view->study().ranking(); }, lab::patience)) std::puts("the ranking did not end");
    }

    MainWindow& m_window;
    Focus& m_focus;
    MapsPage& m_page;
};

int fail(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    return EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (argc < 4) return fail("maps_gallery FOLDER EXPERIMENT.json STEPS [light|dark] [WIDTHxHEIGHT] [SCALE] [VIEW ...]");
    const QStringList words = application.arguments();
    const QString folder = words[1];
    Theme& theme = Theme::instance();
    theme.apply();
    Workspace workspace;
    Focus focus;
    MainWindow window(workspace, focus);
    FileActions files(window, folder + QStringLiteral("/settings.ini"), folder + QStringLiteral("/session.safetensors"));
    // It brings its own settings: the theme comes after it.
    theme.setMode(words.value(4) == QLatin1String("dark") ? Theme::Mode::dark : Theme::Mode::light);
    theme.setScale(words.value(6, "1").toDouble());
    theme.apply();
    window.session().openFile(words[2]);
    if (!focus.run()) return fail("the experiment was not opened");
    const QStringList size = words.value(5, "1280x800").split('x');
    window.resize(size[0].toInt(), size[1].toInt());
    window.show();
    window.showPage(window.indexOf(MapsPage::pageName()));
    auto* page = &window.pages().get<MapsPage>();
    Run* run = focus.run();
    run->setPace(0);
    run->train();
    const int steps = words[3].toInt();
    if (!QTest::qWaitFor([&] { return run->step() >= steps || run->state() == Run::State::finished; }, 600'000)) return fail("too slow");
    run->pause();
    QTest::qWait(300);
    Gallery gallery(window, focus, *page);
    for (const Gallery::View& view : gallery.views()) {
        if (words.size() > 7 && !words.mid(7).contains(view.name)) continue;
        gallery.rest();
        view.show();
        QTest::qWait(60);
        const bool ready = QTest::qWaitFor([&] { return page->catchUp() && page->views().history().complete(); }, lab::patience);
        QTest::qWait(60);
        window.grab().save(folder + QLatin1Char('/') + view.name + QStringLiteral(".png"));
        std::printf("%s%s\n", qPrintable(view.name), ready ? "" : " (not ready)");
    }
    return EXIT_SUCCESS;
}
