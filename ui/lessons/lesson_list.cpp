#include "ui/lessons/lesson_list.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QVBoxLayout>
#include <algorithm>
#include <limits>

#include "core/base/files.h"
#include "core/learn/lesson.h"
#include "ui/lessons/lesson_progress.h"
#include "ui/lessons/lesson_rows.h"
#include "ui/lessons/lesson_words.h"
#include "ui/text/language.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int rowHeight = 28, sideWidth = 356;  // logical px at 100 %
constexpr int mostOwnRows = 5;                  ///< without scrolling

int minutesOfAll() {
    int sum = 0;
    for (const LessonRow& row : lessons()) sum += row.lesson.minutes;
    return sum;
}

/// Where the file lies stands above the table.
QString problemOf(const FoundLesson& found) {
    return shown(found.problem).remove(qt(utf8Text(found.file.parent_path())) + QLatin1Char('/'));
}

}  // namespace

const LessonTexts& LessonList::textsOf(const LessonRow& row) {
    const auto found = row.texts.find(language().toStdString());
    return (found == row.texts.end() ? row.texts.begin() : found)->second;
}

LessonList::LessonList(LessonProgress& progress, QWidget* parent) : QWidget(parent), m_progress(progress) {
    setControlName(*this, QStringLiteral("course.all"));
    m_table = named("course.lessons", new DataTable(tr("Lessons"), rowHeight));
    auto* list = new PanelFrame;
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->addWidget(m_table, 1);
    column->addWidget(makeFooter());
    keepSpacing(column, {}, 0);
    list->setContent(inside);
    list->setTitle(tr("Lessons"));
    list->setSubtitle(counted(LAB_PLURAL("lessons", "%n lesson(s), every one in this window, on a live model"), std::ssize(lessons())) +
                      QStringLiteral(" \u00b7 ") + tr("%1 min").arg(minutesOfAll()));
    auto* row = new QHBoxLayout;
    auto* groups = new QVBoxLayout;
    groups->addWidget(list, 1);
    groups->addWidget(makeOwn());
    row->addLayout(groups, 1);
    row->addWidget(makeSide());
    auto* all = new QVBoxLayout(this);
    all->addWidget(makeHeader());
    all->addLayout(row, 1);
    keepSpacing(groups, 8);
    keepSpacing(row, 8);
    keepSpacing(all, {8, 8, 8, 8}, 8);
    for (const auto& [table, own] : {std::pair(m_table, false), std::pair(m_ownTable, true)}) {
        connect(table, &DataTable::rowChosen, this, [this, own = own] { choose(own); });
        connect(table, &DataTable::clicked, this, [this, own = own] { choose(own); });  // its cursor may be there already
        connect(table, &DataTable::rowOpened, this, [this, own = own] {
            choose(own);
            start(false);
        });
    }
    followTheme(this, &LessonList::refresh);
}

QWidget* LessonList::makeHeader() {
    auto* header = new QWidget;
    auto* row = new QHBoxLayout(header);
    auto* file = named("course.file", new Button(tr("Open a lesson file\u2026")));
    connect(file, &Button::clicked, this, &LessonList::fileWanted);
    auto* parts = named("course.parts", new Button(tr("Hide controls\u2026")));
    parts->setToolTip(tr("What of the window is shown, and the hands of an audience (Ctrl+Shift+T)"));
    connect(parts, &Button::clicked, this, &LessonList::partsWanted);
    auto* write = named("course.write", new Button(tr("Write a lesson\u2026")));
    connect(write, &Button::clicked, this, &LessonList::writeWanted);
    auto* close = named("course.close", new Button(tr("Back to the pages")));
    close->setKeycap(tr("Esc"));
    connect(close, &Button::clicked, this, &LessonList::closeWanted);
    row->addWidget(new ElidedLabel(tr("Predict first, then see it on a model that you train."), TextSize::text, Role::muted));
    row->addStretch(1);
    row->addWidget(parts);
    row->addWidget(file);
    row->addWidget(write);
    row->addWidget(close);
    keepSpacing(row, {}, 8);
    return header;
}

QWidget* LessonList::makeSide() {
    m_title = lessonParagraph(TextSize::token, Role::text, true);
    m_about = lessonParagraph(TextSize::text, Role::text);
    m_where = lessonParagraph(TextSize::text, Role::muted);
    m_go = named("course.go", new PrimaryButton(tr("Begin")));
    m_go->setKeycap(tr("Enter"));
    m_again = named("course.again", new Button(tr("From the start")));
    m_again->setHeight(40);
    connect(m_go, &Button::clicked, this, [this] { start(false); });
    connect(m_again, &Button::clicked, this, [this] { start(true); });
    auto* lesson = new PanelFrame(tr("The lesson"));
    lesson->setTinted(true);
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    for (ThemedLabel* label : {m_title, m_about, m_where}) column->addWidget(label);
    auto* buttons = new QVBoxLayout;  // in some languages there is no room for both in a row
    buttons->addWidget(m_go, 0, Qt::AlignLeft);
    buttons->addWidget(m_again, 0, Qt::AlignLeft);
    column->addLayout(buttons);
    column->addWidget(m_papers = makePapers());
    column->addStretch(1);
    keepSpacing(buttons, 8);
    keepSpacing(column, {12, 12, 12, 12}, 12);
    lesson->setContent(content);
    auto* stays = new PanelFrame(tr("Where your work stays"));
    auto* text = new QWidget;
    auto* lines = new QVBoxLayout(text);
    auto* words = lessonParagraph(TextSize::text, Role::text);
    words->setText(tr("A lesson opens a run of its own. <b>What you have open is kept</b> and comes back when you close the lesson."));
    lines->addWidget(words);
    keepSpacing(lines, {12, 12, 12, 12}, 0);
    stays->setContent(text);
    auto* side = new QWidget;
    auto* both = new QVBoxLayout(side);
    both->addWidget(lesson, 1);
    both->addWidget(stays);
    keepSpacing(both, {}, 8);
    followTheme(side, [side] { side->setFixedWidth(Theme::instance().px(sideWidth)); });
    return side;
}

QWidget* LessonList::makePapers() {
    auto* papers = new QWidget;
    auto* row = new QHBoxLayout(papers);
    row->addWidget(new ThemedLabel(tr("For paper:"), TextSize::text, Role::muted));
    for (const bool solution : {false, true}) {
        auto* button = new Button(solution ? tr("Solution\u2026") : tr("Hand-out\u2026"));
        setControlName(*button, solution ? QStringLiteral("course.solution") : QStringLiteral("course.handout"));
        button->setToolTip(solution ? tr("A PDF with what its run shows to be right, and why; the lesson is played for it")
                                    : tr("A PDF with the questions and room for answers"));
        connect(button, &Button::clicked, this, [this, solution] {
            if (const LessonRow* lesson = chosen()) emit paperWanted(lesson, solution);
        });
        row->addWidget(button);
    }
    row->addStretch(1);
    keepSpacing(row, {}, 8);
    return papers;
}

QWidget* LessonList::makeFooter() {
    m_count = new ThemedLabel({}, TextSize::axis, Role::text);
    auto* save = named("course.export", new Button(tr("Save answers as CSV\u2026")));
    connect(save, &Button::clicked, this, &LessonList::exportWanted);
    m_over = named("course.over", new Button(tr("Start over")));
    connect(m_over, &Button::clicked, this, [this] {
        if (m_overAsked) m_progress.startOver();
        m_overAsked = !m_overAsked;
        m_over->setText(m_overAsked ? tr("Forget all answers") : tr("Start over"));
        if (!m_overAsked) refresh();
    });
    auto* footer = new QWidget;
    auto* row = new QHBoxLayout(footer);
    row->addWidget(m_count);
    row->addStretch(1);
    row->addWidget(new ElidedLabel(tr("progress is kept on this computer only"), TextSize::caption, Role::muted));
    row->addWidget(save);
    row->addWidget(m_over);
    keepSpacing(row, {12, 6, 12, 6}, 8);
    return footer;
}

/// Folded to its title while there are none.
QWidget* LessonList::makeOwn() {
    m_ownTable = named("course.own", new DataTable(tr("Your own lessons"), rowHeight));
    m_ownTable->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);  // it would cover the last row
    auto* folder = named("course.folder", new Button(tr("Choose a folder\u2026")));
    folder->setHeight(20);
    folder->setToolTip(tr("Lessons that lie in it stand here: NAME.json, and its texts NAME.en.md beside it"));
    connect(folder, &Button::clicked, this, &LessonList::folderWanted);
    m_ownFrame = new PanelFrame(tr("Your own lessons"));
    m_ownFrame->setContent(m_ownTable);
    m_ownFrame->addControl(folder);
    m_ownFrame->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    return m_ownFrame;
}

/// A file that is no lesson says why in the place of its title.
std::vector<TableColumn> LessonList::ownColumns() const {
    std::vector<TableColumn> all = lessonColumns(
        m_progress, [this](std::size_t row) -> const LessonRow& { return m_own[row].row; }, m_own.size());
    all.front().cell = [](std::size_t) { return TableCell(); };  // they have no place in the course; columns stand below columns
    for (const FoundLesson& each : m_own)
        if (const QString problem = problemOf(each); problem.size() > all[1].widest.size()) all[1].widest = problem;
    for (TableColumn& column : all) {
        const bool title = column.id == "lesson";
        if (column.id == "number") continue;
        column.cell = [this, title, cell = column.cell](std::size_t row) {
            const FoundLesson& found = m_own[row];
            if (found.problem.empty()) return cell(row);
            return title ? TableCell{problemOf(found), Role::wrong} : noNumber();
        };
        if (column.number)
            column.number = [this, number = column.number](std::size_t row) {
                return m_own[row].problem.empty() ? number(row) : std::numeric_limits<double>::quiet_NaN();
            };
        if (!title) continue;
        column.paint = {};  // it may be a problem
        column.toolTip = [this](std::size_t row) { return qt(utf8Text(m_own[row].file)); };
    }
    return all;
}

void LessonList::setOwn(std::vector<FoundLesson> own, const QString& folder) {
    m_own = std::move(own);
    m_folder = folder;
    m_ownChosen = false;
}

void LessonList::showOwn() {
    m_ownTable->setColumns(ownColumns());
    m_ownTable->showAll(m_own.size(), m_ownTable->chosen().value_or(0) < m_own.size() ? m_ownTable->chosen() : std::nullopt);
    m_ownTable->setVisible(!m_own.empty());
    const int rows = std::min(static_cast<int>(m_own.size()), mostOwnRows);
    const int more = (static_cast<int>(m_own.size()) - rows) * Theme::instance().px(rowHeight);
    m_ownTable->setFixedHeight(m_ownTable->fullHeight() - more);
    m_ownFrame->setSubtitle(m_folder.isEmpty() ? tr("no folder chosen yet") : m_folder);
}

void LessonList::choose(bool own) {
    m_ownChosen = own;
    (own ? m_table : m_ownTable)->setChosen(std::nullopt);  // one row is amber
    describe();
}

void LessonList::refresh() {
    m_table->setColumns(lessonColumns(m_progress));
    showOwn();
    int done = 0;
    for (const LessonRow& row : lessons()) done += m_progress.isDone(row.lesson);
    m_table->showAll(lessons().size(), lessonToGoOn(m_progress));
    m_count->setText(tr("<b>%1</b> of %2 done").arg(done).arg(lessons().size()));
    if (!m_progress.problem().isEmpty()) m_count->setText(m_progress.problem().toHtmlEscaped());
    describe();
}

const FoundLesson* LessonList::chosenOwn() const {
    const auto row = m_ownTable->chosen();
    return m_ownChosen && row && *row < m_own.size() ? &m_own[*row] : nullptr;
}

const LessonRow* LessonList::chosen() const {
    if (const FoundLesson* own = chosenOwn()) return own->problem.empty() ? &own->row : nullptr;
    const auto row = m_table->chosen();
    return row && *row < lessons().size() ? &lessons()[*row] : nullptr;
}

void LessonList::describe() {
    const LessonRow* row = chosen();
    m_go->setEnabled(row);
    if (!row) return describeBroken();
    const LessonTexts& words = textsOf(*row);
    m_title->setText(lessonHtml(m_title->font(), words.title));
    m_about->setText(lessonHtml(m_about->font(), words.about));
    const int steps = m_progress.stepsDone(row->lesson), all = static_cast<int>(row->lesson.steps.size());
    const bool amid = steps > 0 && steps < all;
    const LessonProgress::Score score = m_progress.scoreOf(row->lesson);
    QStringList lines{counted(LAB_PLURAL("lessons", "%1 min in all, %n step(s)"), all, {QString::number(row->lesson.minutes)})};
    if (amid) lines << tr("you left at step %1").arg(steps + 1);
    if (score.asked > 0) lines << tr("predicted right: %1 of %2").arg(score.right).arg(score.asked);
    m_where->setText(lines.join(QStringLiteral("<br>")));
    m_go->setText(goOnText(*row, m_progress));
    m_again->setVisible(amid);
    m_papers->show();
}

void LessonList::describeBroken() {
    const FoundLesson* own = chosenOwn();
    if (!own) return;
    m_title->setText(qt(utf8Text(own->file.filename())).toHtmlEscaped());
    m_about->setText(problemOf(*own).toHtmlEscaped());
    m_where->clear();
    m_again->hide();
    m_papers->hide();
}

void LessonList::start(bool fromTheStart) {
    const LessonRow* row = chosen();
    if (!row) return;
    const int step = fromTheStart ? 0 : goOnStep(*row, m_progress);
    if (const FoundLesson* own = chosenOwn())
        emit ownWanted(qt(utf8Text(own->file)), step);
    else
        emit lessonWanted(row, step);
}

void LessonList::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return emit closeWanted();
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) return start(false);
    QWidget::keyPressEvent(event);
}

/// The rows are what the keys walk.
void LessonList::focusInEvent(QFocusEvent*) {
    m_table->setFocus();
}

}  // namespace lab
