// A place may name a preset or a comparison, which then is opened.

#include <QStandardPaths>
#include <QtTest>

#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/incontext/incontext_page.h"
#include "ui/widgets/theme.h"
#include "ui/window/main_window.h"

using namespace lab;

class PresetPlaceTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void aPageLeadsToAPreset() {
        Workspace workspace;
        Focus focus;
        MainWindow window(workspace, focus);
        window.session().openTask(smallTask(20));
        window.show();
        window.showPage(window.indexOf(QStringLiteral("incontext")));
        auto* page = window.findChild<IncontextPage*>();
        QVERIFY(page && page->isVisible());
        Place place;
        place.stage = QStringLiteral("preset.reverse");
        emit page->placeWanted(place);
        QCOMPARE(window.session().presetName(), std::string("reverse"));
        QVERIFY(page->isVisible());
        place.stage = QStringLiteral("preset.none");
        QVERIFY(!window.showPlace(place));
    }
};

QTEST_MAIN(PresetPlaceTest)
#include "preset_place_test.moc"
