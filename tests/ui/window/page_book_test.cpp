#include "ui/window/page_book.h"

#include <QJsonObject>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>

#include "ui/lessons/target_frame.h"
#include "ui/pages/codes/codes_page.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/pages/memory/memory_page.h"
#include "ui/pages/sweeps/sweeps_page.h"
#include "ui/text/language.h"
#include "ui/widgets/taken.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/lesson_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/open_window.h"
#include "ui/window/page_table.h"
#include "ui/window/part_hiding.h"
#include "ui/window/split_view.h"

using namespace lab;

namespace {

/// A whole window that begins in this folder; another one after it is the next start.
struct BookDesk {
    explicit BookDesk(const QTemporaryDir& folder)
        : open(workspace, focus, folder.filePath("settings.ini"), folder.filePath("session.safetensors")) {
        open.files().begin();
        window().resize(1280, 800);
        window().show();
    }
    ~BookDesk() { workspace.stop(); }

    MainWindow& window() { return open.window(); }
    PageBook& pages() { return window().pages(); }
    void show(const QString& page) { window().showPage(window().indexOf(page)); }
    template <class Wanted>
    Wanted& part() {
        return *open.files().findChild<Wanted*>();
    }
    QStringList made() {
        QStringList names;
        for (std::size_t i = 0; i < pages().size(); ++i)
            if (pages().ifMade(i)) names << pageTable()[i].name();
        return names;
    }

    Workspace workspace;
    Focus focus;
    OpenWindow open;
};

/// What the keyboard comes to, one after the other.
std::vector<QWidget*> turnsFrom(QWidget& first) {
    std::vector<QWidget*> turns;
    for (QWidget* each = first.nextInFocusChain(); each != &first; each = each->nextInFocusChain())
        if (each->isVisibleTo(first.window()) && (each->focusPolicy() & Qt::TabFocus) == Qt::TabFocus) turns.push_back(each);
    return turns;
}

/// It frames a part of a page that it does not show.
LessonRow pointingLesson() {
    LessonRow row;
    row.lesson = parseLesson(R"({"format": "attention-lab/lesson", "version": 1, "id": "points", "minutes": 1, "preset": "copy",
        "steps": [{"id": "first", "highlight": ["maps.header.export"]}]})");
    row.texts["en"] = parseLessonTexts("# Points\nIt points.\n## first\nLook.\n## try\nMore.\n", row.lesson);
    return row;
}

}  // namespace

/// Pages are there when somebody needs them, and then as if they had been there all the time.
class PageBookTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        Theme::instance().apply();
    }
    void cleanup() { chooseLanguage("en"); }

    void atTheStartOnlyTheShownPageIsMade() {
        const QTemporaryDir folder;
        BookDesk desk(folder);
        QCOMPARE(desk.made(), QStringList{"train"});
        desk.show("codes");
        QCOMPARE(desk.made(), (QStringList{"train", "codes"}));
        QVERIFY(desk.pages().get<CodesPage>().isVisible());
        const Page* codes = desk.pages().ifMade<CodesPage>();
        desk.show("train");
        desk.show("codes");
        QCOMPARE(desk.pages().ifMade<CodesPage>(), codes);
        QVERIFY(!desk.pages().ifMade<MapsPage>());
    }

    /// Each start keeps what it found, though nobody looks at that page.
    void whatASessionKeepsOfAPageOutlivesStartsThatDoNotShowIt() {
        const QTemporaryDir folder;
        QJsonObject codes;
        {
            BookDesk desk(folder);
            desk.focus.run()->stepOnce();
            QTRY_COMPARE(desk.focus.run()->step(), 1);  // before, there is nothing to continue
            desk.show("codes");
            desk.pages().get<CodesPage>().state().setColumn(1);
            codes = desk.pages().get<CodesPage>().notes();
            QVERIFY(!codes.isEmpty());
            desk.open.files().end();
        }
        for (int start = 0; start < 2; ++start) {
            BookDesk desk(folder);
            QVERIFY(desk.open.files().restoreSession());
            desk.show("train");
            QVERIFY(!desk.made().contains("memory"));
            desk.open.files().end();
        }
        BookDesk last(folder);
        QVERIFY(last.open.files().restoreSession());
        last.show("codes");
        QCOMPARE(last.pages().get<CodesPage>().notes(), codes);
    }

    void anotherLanguageMakesNoPageThatWasNotThere() {
        const QTemporaryDir folder;
        BookDesk desk(folder);
        desk.show("codes");
        desk.pages().get<CodesPage>().state().setColumn(1);
        const QJsonObject codes = desk.pages().get<CodesPage>().notes();
        QVERIFY(desk.open.speak("de"));
        QCOMPARE(desk.made(), (QStringList{"train", "codes"}));
        QCOMPARE(desk.pages().get<CodesPage>().notes(), codes);
        desk.show("compare");
        QVERIFY(desk.pages().get<ComparePage>().isVisible());
        QCOMPARE(desk.pages().get<ComparePage>().title(), QStringLiteral("Vergleich"));
    }

    void aLessonThatPointsAtAPageMakesIt() {
        const QTemporaryDir folder;
        const LessonRow row = pointingLesson();
        BookDesk desk(folder);
        auto& lessons = desk.part<LessonActions>();
        lessons.start(row);
        const auto* frame = desk.window().findChild<TargetFrame*>();
        QVERIFY(frame->target());
        QVERIFY(desk.pages().get<MapsPage>().isAncestorOf(frame->target()));
        QVERIFY(!frame->isVisible());
        QCOMPARE(desk.made(), (QStringList{"train", "maps"}));
        desk.show("maps");
        QTRY_VERIFY(frame->isVisible());
    }

    void whatALecturerHidesIsHiddenOnAPageThatComesLater() {
        const QTemporaryDir folder;
        BookDesk desk(folder);
        auto* hiding = desk.open.files().findChild<PartHiding*>();
        hiding->setChosen({"exports"});
        desk.show("maps");
        const auto* button = desk.window().findChild<QWidget*>("maps.header.export");
        QVERIFY(button && isTaken(*button) && !button->isVisible());
        hiding->setChosen({});
        QVERIFY(button->isVisible());
    }

    void theOtherSideMakesItsPagesOneByOneToo() {
        const QTemporaryDir folder;
        BookDesk desk(folder);
        desk.window().actions().find("compare.forms")->trigger();
        desk.workspace.pauseAll();
        desk.show("maps");
        auto* hiding = desk.open.files().findChild<PartHiding*>();
        hiding->setChosen({"exports"});
        desk.window().actions().find("view.split")->trigger();
        QVERIFY(desk.window().split().secondPage());
        const auto* button = desk.window().findChild<QWidget*>("second.maps.header.export");
        QVERIFY(button && isTaken(*button));
        QVERIFY(!desk.window().findChild<QWidget*>("second.train.header.export"));
        desk.show("train");
        QVERIFY(desk.window().findChild<QWidget*>("second.train.header.export"));
    }

    /// What is asked of a page before anybody saw it.
    void actionsReachAPageThatIsNotThereYet() {
        const QTemporaryDir folder;
        BookDesk desk(folder);
        desk.window().actions().find("compare.forms.seeds")->trigger();
        desk.workspace.pauseAll();
        QVERIFY(desk.pages().ifMade<ComparePage>() && desk.pages().get<ComparePage>().isVisible());
        desk.window().actions().find("sweep.filter")->trigger();
        QVERIFY(desk.pages().get<SweepsPage>().isVisible());
        QVERIFY(desk.window().showPlace(*Place::parse("memory?stage=attention")));
        QCOMPARE(desk.pages().get<MemoryPage>().stage(), QStringLiteral("attention"));
    }

    void tabComesToAPageBehindTheRailWheneverItWasMade() {
        const QTemporaryDir folder;
        BookDesk desk(folder);
        for (const char* name : {"codes", "maps", "explain", "train"}) {
            desk.show(name);
            auto* button = desk.window().findChild<QWidget*>(QStringLiteral("window.rail.") + name);
            QVERIFY(button);
            const Page& page = *desk.pages()[static_cast<std::size_t>(desk.window().pageIndex())];
            const std::vector<QWidget*> turns = turnsFrom(*button);
            const auto isOf = [](const QWidget& part) { return [&part](const QWidget* each) { return part.isAncestorOf(each); }; };
            const auto first = std::ranges::find_if(turns, isOf(page));
            const auto behind = std::ranges::find_if_not(first, turns.end(), isOf(page));
            QVERIFY2(first != behind, name);
            QVERIFY2(std::ranges::none_of(behind, turns.end(), isOf(page)), name);  // all of it in one go
            for (const char* later : {"window.settings", "window.input", "window.timeline"}) {
                const auto* part = desk.window().findChild<QWidget*>(QLatin1String(later));
                QVERIFY2(std::ranges::none_of(turns.begin(), first, isOf(*part)), later);
            }
        }
    }
};

QTEST_MAIN(PageBookTest)
#include "page_book_test.moc"
