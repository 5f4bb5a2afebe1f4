#include "ui/lessons/lesson_list.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QVBoxLayout>

#include "core/learn/lesson.h"
#include "ui/lessons/lesson_progress.h"
#include "ui/lessons/lesson_rows.h"
#include "ui/lessons/lesson_words.h"
#include "ui/text/language.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int rowHeight = 28, sideWidth = 356;  // logical px at 100 %

int minutesOfAll() {
    int sum = 0;
    for (const LessonRow& row : lessons()) sum += row.lesson.minutes;
    return sum;
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
    row->addWidget(list, 1);
    row->addWidget(makeSide());
    auto* all = new QVBoxLayout(this);
    all->addWidget(makeHeader());
    all->addLayout(row, 1);
    keepSpacing(row, 8);
    keepSpacing(all, {8, 8, 8, 8}, 8);
    connect(m_table, &DataTable::rowChosen, this, &LessonList::describe);
    connect(m_table, &DataTable::rowOpened, this, [this] { start(false); });
    followTheme(this, &LessonList::refresh);
}

QWidget* LessonList::makeHeader() {
    auto* header = new QWidget;
    auto* row = new QHBoxLayout(header);
    auto* file = named("course.file", new Button(tr("Open a lesson file\u2026")));
    connect(file, &Button::clicked, this, &LessonList::fileWanted);
    auto* close = named("course.close", new Button(tr("Back to the pages")));
    close->setKeycap(tr("Esc"));
    connect(close, &Button::clicked, this, &LessonList::closeWanted);
    row->addWidget(new ThemedLabel(tr("Predict first, then see it on a model that you train."), TextSize::text, Role::muted));
    row->addStretch(1);
    row->addWidget(file);
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
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_go);
    buttons->addWidget(m_again);
    buttons->addStretch(1);
    column->addLayout(buttons);
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
    row->addWidget(new ThemedLabel(tr("progress is kept on this computer only"), TextSize::caption, Role::muted));
    row->addWidget(save);
    row->addWidget(m_over);
    keepSpacing(row, {12, 6, 12, 6}, 8);
    return footer;
}

void LessonList::refresh() {
    m_table->setColumns(lessonColumns(m_progress));
    int done = 0;
    for (const LessonRow& row : lessons()) done += m_progress.isDone(row.lesson);
    m_table->showAll(lessons().size(), lessonToGoOn(m_progress));
    m_count->setText(tr("<b>%1</b> of %2 done").arg(done).arg(lessons().size()));
    if (!m_progress.problem().isEmpty()) m_count->setText(m_progress.problem().toHtmlEscaped());
    describe();
}

const LessonRow* LessonList::chosen() const {
    const auto row = m_table->chosen();
    return row && *row < lessons().size() ? &lessons()[*row] : nullptr;
}

void LessonList::describe() {
    const LessonRow* row = chosen();
    if (!row) return;
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
}

void LessonList::start(bool fromTheStart) {
    if (const LessonRow* row = chosen()) emit lessonWanted(row, fromTheStart ? 0 : goOnStep(*row, m_progress));
}

void LessonList::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return emit closeWanted();
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) return start(false);
    QWidget::keyPressEvent(event);
}

}  // namespace lab
