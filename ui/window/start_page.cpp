#include "ui/window/start_page.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "core/learn/lesson.h"
#include "ui/lessons/lesson_list.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/lessons/lesson_progress.h"
#include "ui/lessons/lesson_rows.h"
#include "ui/lessons/lesson_words.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/data_table.h"
#include "ui/window/about_dialog.h"
#include "ui/window/actions.h"
#include "ui/window/file_actions.h"
#include "ui/window/page_table.h"
#include "ui/window/preset_picture.h"
#include "ui/window/start_entry.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int lessonRowHeight = 24, beginningsWidth = 260, presetsWidth = 340;
constexpr int leastNumber = 32, leastMinutes = 52, leastProgress = 60, progressBar = 60, titleWithBar = 250;

/// The titles take what room there is; without much of it, progress is said without a bar.
class CourseTable : public DataTable {
public:
    CourseTable() : DataTable(LessonList::tr("Lessons"), lessonRowHeight) { setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff); }

protected:
    void arrangeColumns() override {
        if (columns().empty()) return;
        const Theme& theme = Theme::instance();
        const int number = roomFor(0, theme.px(leastNumber)), takes = roomFor(2, theme.px(leastMinutes));
        const int progress = roomFor(3, theme.px(leastProgress)), bar = barRoom(theme.px(progressBar));
        const int room = viewport()->width() - number - takes - progress;
        const bool hasBar = room - bar >= theme.px(titleWithBar);
        setBarWidth(3, hasBar ? theme.px(progressBar) : 0);
        const int widths[] = {number, std::max(room - (hasBar ? bar : 0), 0), takes, progress + (hasBar ? bar : 0)};
        for (int column = 0; column < 4; ++column) setColumnWidth(column, widths[column]);
    }
};

/// From nothing to why a head looks where it looks.
constexpr const char* shortestWay[] = {"query-key-value", "reverse"};

/// Its place in the course.
std::size_t placeOf(const char* id) {
    return static_cast<std::size_t>(std::ranges::find(lessons(), id, [](const LessonRow& row) { return row.lesson.id; }) -
                                    lessons().begin());
}

/// A column of rows that scrolls.
QScrollArea* rowsIn(QVBoxLayout*& rows) {
    auto* inside = new QWidget;
    rows = new QVBoxLayout(inside);
    keepSpacing(rows, {0, 4, 0, 4}, 0);
    QScrollArea* area = scrolled(inside);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return area;
}

void clear(QVBoxLayout& rows) {
    while (QLayoutItem* item = rows.takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

QString plain(QString text) {
    return text.replace(QLatin1String("&&"), QLatin1String("&"));
}

/// Of a preset's entry in the menu: "TITLE\nABOUT".
QString aboutOf(const QAction& entry) {
    return plain(entry.text().section(QLatin1Char('\n'), 1));
}

}  // namespace

StartPage::StartPage(const LessonProgress& progress, const QMenu& presets, const Actions& actions, QWidget* parent)
    : QWidget(parent), m_progress(progress), m_presetMenu(presets), m_actions(actions) {
    setControlName(*this, QStringLiteral("start.all"));
    m_columns = {makeBeginnings(), makeCourse(), makePresets()};
    auto* row = new QHBoxLayout;
    row->addWidget(m_columns[0]);
    row->addWidget(m_columns[1], 1);
    row->addWidget(m_columns[2]);
    auto* all = new QVBoxLayout(this);
    all->addWidget(makeHeader());
    all->addLayout(row, 1);
    keepSpacing(row, 8);
    keepSpacing(all, {8, 8, 8, 8}, 8);
    m_course->installEventFilter(this);
    for (Button* button : findChildren<Button*>()) button->installEventFilter(this);
    followTheme(this, &StartPage::applyMeasures);
}

QWidget* StartPage::makeHeader() {
    auto* header = new QWidget;
    auto* row = new QHBoxLayout(header);
    m_atStart = named("start.always", new QCheckBox(tr("Show at start")));
    auto* close = named("start.close", new Button(LessonList::tr("Back to the pages")));
    close->setKeycap(LessonList::tr("Esc"));
    connect(close, &Button::clicked, this, &StartPage::closeWanted);
    const QString purpose = AboutDialog::tr("Train a small transformer and watch attention appear. Nothing leaves this computer.");
    row->addWidget(new ElidedLabel(purpose, TextSize::text, Role::muted), 1);
    row->addWidget(m_atStart);
    row->addWidget(close);
    keepSpacing(row, {}, 8);
    return header;
}

QWidget* StartPage::makeBeginnings() {
    auto* both = new QWidget;
    auto* column = new QVBoxLayout(both);
    column->addWidget(makeContinue());
    column->addWidget(makeRecent(), 1);
    keepSpacing(column, {}, 8);
    return both;
}

void StartPage::does(const Button& button, const char* action) const {
    connect(&button, &QAbstractButton::clicked, m_actions.find(QLatin1String(action)), &QAction::trigger);
}

QWidget* StartPage::makeContinue() {
    m_session = new ElidedLabel({}, TextSize::token, Role::text, true);
    m_sessionDetail = new ElidedLabel({}, TextSize::text, Role::muted);
    m_restore = named("start.restore", new PrimaryButton(m_actions.find(QStringLiteral("session.restore"))->iconText()));
    m_lesson = lessonParagraph(TextSize::token, Role::text, true);
    m_lessonDetail = new ElidedLabel({}, TextSize::text, Role::muted);
    m_goOn = named("start.lesson", new PrimaryButton(LessonList::tr("Begin")));
    does(*m_restore, "session.restore");
    connect(m_goOn, &Button::clicked, this, [this] { begin(m_offered); });
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->addWidget(m_session);
    column->addWidget(m_sessionDetail);
    column->addWidget(m_restore, 0, Qt::AlignLeft);
    column->addWidget(m_lesson);
    column->addWidget(m_lessonDetail);
    column->addWidget(m_goOn, 0, Qt::AlignLeft);
    column->addWidget(makeWay());
    for (PrimaryButton* button : {m_restore, m_goOn}) button->setHeight(32);
    keepSpacing(column, {12, 10, 12, 12}, 6);
    m_beginning = new PanelFrame;
    m_beginning->setTinted(true);
    m_beginning->setContent(content);
    return m_beginning;
}

QWidget* StartPage::makeWay() {
    const std::size_t first = placeOf(shortestWay[0]), second = placeOf(shortestWay[1]);
    auto* words = lessonParagraph(TextSize::text, Role::muted);
    words->setText(tr("New to attention? Lessons %1 and %2 lead there in %3 min.")
                       .arg(first + 1)
                       .arg(second + 1)
                       .arg(lessons()[first].lesson.minutes + lessons()[second].lesson.minutes));
    auto* button = named("start.way", new Button(tr("The shortest way")));
    auto* way = new QWidget;
    auto* column = new QVBoxLayout(way);
    column->addWidget(words);
    column->addWidget(button, 0, Qt::AlignLeft);
    keepSpacing(column, {0, 8, 0, 0}, 6);
    connect(button, &QAbstractButton::clicked, this, [this, first, second] {
        const bool knows = m_progress.isDone(lessons()[first].lesson) && !m_progress.isDone(lessons()[second].lesson);
        begin(knows ? second : first);
    });
    return way;
}

/// What the button begins.
void StartPage::offer(std::size_t lesson) {
    m_offered = lesson;
    const LessonRow& row = lessons()[lesson];
    m_lesson->setText(lessonHtml(m_lesson->font(), LessonList::textsOf(row).title));
    m_lessonDetail->setText(LessonList::tr("%1 min").arg(row.lesson.minutes));
    m_goOn->setText(goOnText(row, m_progress));
}

QWidget* StartPage::makeRecent() {
    auto* panel = new PanelFrame(tr("Recent files"));
    panel->setContent(rowsIn(m_recent));
    auto* open = named("start.open", new Button(plain(m_actions.find(QStringLiteral("file.open"))->iconText())));
    open->setHeight(20);
    does(*open, "file.open");
    auto* model = named("start.open_model", new Button(tr("Model\u2026")));
    model->setToolTip(plain(m_actions.find(QStringLiteral("file.open_model"))->iconText()));
    model->setHeight(20);
    does(*model, "file.open_model");
    panel->addControl(open);
    panel->addControl(model);
    return panel;
}

QWidget* StartPage::makeCourse() {
    m_course = named("start.lessons", new CourseTable);
    connect(m_course, &DataTable::rowChosen, this, &StartPage::offer);
    connect(m_course, &DataTable::rowOpened, this, &StartPage::begin);
    auto* panel = new PanelFrame(LessonList::tr("Lessons"));
    panel->setContent(m_course);
    auto* all = named("start.course", new Button(LessonPanel::tr("All lessons")));
    all->setKeycap(QStringLiteral("F2"));
    all->setHeight(20);
    does(*all, "lessons.show");
    panel->addControl(all);
    return panel;
}

QWidget* StartPage::makePresets() {
    auto* panel = new PanelFrame(tr("Presets by what they show"));
    panel->setContent(rowsIn(m_presets));
    return panel;
}

void StartPage::applyMeasures() {
    arrange();
    fillPresets();  // pictures in the theme's colours
}

/// What is beside the course gives way first, down to two thirds.
void StartPage::arrange() {
    const Theme& theme = Theme::instance();
    const int beside = theme.px(beginningsWidth + presetsWidth);
    const double share = std::clamp(0.55 * width() / beside, 2.0 / 3, 1.0);
    m_columns[0]->setFixedWidth(static_cast<int>(share * theme.px(beginningsWidth)));
    m_columns[2]->setFixedWidth(static_cast<int>(share * theme.px(presetsWidth)));
}

void StartPage::resizeEvent(QResizeEvent*) {
    arrange();
}

/// As the menu has them: a heading a section, a row a family.
void StartPage::fillPresets() {
    clear(*m_presets);
    for (const QAction* each : m_presetMenu.actions()) {
        if (each->isSeparator()) {
            auto* heading = new ThemedLabel(plain(each->text()), TextSize::caption, Role::muted);
            heading->setContentsMargins(Theme::instance().px(8), Theme::instance().px(6), 0, 0);
            m_presets->addWidget(heading);
            continue;
        }
        QMenu* family = each->menu();
        if (!family || family->actions().isEmpty()) continue;
        QAction* first = family->actions().front();
        const QString name = first->data().toString();
        auto* entry = named("start.preset." + name, new StartEntry(plain(each->text()), aboutOf(*first)));
        entry->setPicture(presetPicture(name, StartEntry::pictureSide()));
        if (family->actions().size() > 1) {
            entry->setOpensMore();
            connect(entry, &QAbstractButton::clicked, family,
                    [family, entry] { family->popup(entry->mapToGlobal(QPoint(0, entry->height()))); });
        } else {
            connect(entry, &QAbstractButton::clicked, first, &QAction::trigger);
        }
        m_presets->addWidget(entry);
    }
    m_presets->addStretch(1);
}

void StartPage::fillRecent(const QStringList& paths) {
    clear(*m_recent);
    for (qsizetype i = 0; i < paths.size(); ++i) {
        const QFileInfo file(paths[i]);
        auto* entry = named(QStringLiteral("start.recent.%1").arg(i + 1), new StartEntry(file.fileName(), file.path()));
        connect(entry, &QAbstractButton::clicked, this, [this, path = paths[i]] { emit recentWanted(path); });
        m_recent->addWidget(entry);
    }
    if (paths.isEmpty()) {
        auto* none = new ThemedLabel(FileActions::tr("No file yet"), TextSize::text, Role::muted);
        none->setContentsMargins(Theme::instance().px(12), Theme::instance().px(6), 0, 0);
        m_recent->addWidget(none);
    }
    m_recent->addStretch(1);
}

void StartPage::refresh(const Offers& offers) {
    m_atStart->setChecked(offers.comesAtStart);
    m_session->setText(offers.session);
    m_sessionDetail->setText(offers.sessionDetail);
    const bool hasSession = !offers.session.isEmpty();
    m_session->setVisible(hasSession);
    m_sessionDetail->setVisible(hasSession);
    m_restore->setVisible(hasSession);
    const std::size_t next = lessonToGoOn(m_progress);
    offer(next);
    m_beginning->setTitle(hasSession || !m_progress.rows().empty() ? tr("Continue") : tr("Where to begin"));
    m_goOn->setPlain(hasSession);  // one amber button
    std::vector<TableColumn> columns = lessonColumns(m_progress);
    columns.pop_back();  // what was predicted right the whole list says
    m_course->setColumns(std::move(columns));
    m_course->showAll(lessons().size(), next);
    fillRecent(offers.recent);
    (hasSession ? m_restore : m_goOn)->setFocus();
}

void StartPage::begin(std::size_t lesson) {
    const LessonRow& row = lessons()[lesson];
    emit lessonWanted(&row, goOnStep(row, m_progress));
}

/// To the column beside the one that has the focus, where it was there before.
void StartPage::goAside(int columns) {
    for (qsizetype i = 0; i < m_columns.size(); ++i) {
        if (!m_columns[i]->isAncestorOf(focusWidget())) continue;
        QWidget* there = m_columns[std::clamp<qsizetype>(i + columns, 0, m_columns.size() - 1)];
        if (there == m_columns[i]) return;
        QWidget* wanted = there == m_columns[1] ? m_course : there->focusWidget();
        for (QWidget* each : there->findChildren<QWidget*>())
            if (!wanted && each->isVisible() && (each->focusPolicy() & Qt::TabFocus) == Qt::TabFocus) wanted = each;
        if (wanted) wanted->setFocus(Qt::TabFocusReason);
        return;
    }
}

void StartPage::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Left) return goAside(-1);
    if (event->key() == Qt::Key_Right) return goAside(1);
    QWidget::keyPressEvent(event);
}

/// Left and Right on buttons and in the table are of the page: they would go to the next one, and to cells that have nothing to say.
bool StartPage::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::KeyPress) return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Left || key == Qt::Key_Right) return goAside(key == Qt::Key_Left ? -1 : 1), true;
    return QWidget::eventFilter(watched, event);
}

}  // namespace lab
