#include "ui/window/lesson_papers.h"

#include <QDesktopServices>
#include <QFileDialog>
#include <QUrl>
#include <algorithm>

#include "core/base/errors.h"
#include "ui/lessons/lesson_words.h"
#include "ui/text/language.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/notice_strip.h"
#include "ui/window/main_window.h"

namespace lab {
namespace {

LessonPaper paperOf(const LessonRow& row, LessonPaper::Kind kind) {
    LessonPaper paper;
    paper.row = row;
    paper.language = language().toStdString();
    paper.kind = kind;
    return paper;
}

}  // namespace

JobPtr playBeside(MainWindow& window, const LessonRow& row, const QString& title, bool withViews) {
    return window.workspace().jobs().submit(title, {}, [lesson = row.lesson, withViews](JobContext& context) {
        PlayedLesson played;
        LessonPlayOptions options;
        options.stops = [&context] { return context.cancelled(); };
        if (withViews) options.seen = [&played](const LessonView& view) { played.views.push_back(view); };
        played.findings = playLesson(lesson, options);
        return played;
    });
}

LessonPapers::LessonPapers(MainWindow& window, QObject* parent) : QObject(parent), m_window(window) {}

void LessonPapers::ask(const LessonRow& row, LessonPaper::Kind kind) {
    const QString id = qt(row.lesson.id);
    const QString name = kind == LessonPaper::Kind::handout ? id : tr("%1-solution").arg(id);
    const QString path = QFileDialog::getSaveFileName(&m_window, tr("Save for paper"), name + QStringLiteral(".pdf"), tr("PDF (*.pdf)"));
    if (!path.isEmpty()) write(row, kind, path);
}

void LessonPapers::write(const LessonRow& row, LessonPaper::Kind kind, const QString& path) {
    LessonPaper paper = paperOf(row, kind);
    if (!needsItsRun(row.lesson, kind)) return save(paper, path);
    std::erase_if(m_playing, [](const JobPtr& job) { return job->ended(); });
    const JobPtr playing = m_playing.emplace_back(playBeside(m_window, row, tr("Play %1 for paper").arg(qt(row.lesson.id)), true));
    connect(playing.get(), &Job::failed, this,
            [this](const QString& why) { m_window.showProblem(tr("The lesson could not be written"), why); });
    connect(playing.get(), &Job::finished, this, [this, paper, path, job = std::weak_ptr<Job>(playing)]() mutable {
        const JobPtr held = job.lock();
        const auto played = held ? held->result<PlayedLesson>() : nullptr;
        if (!played) return;
        const auto fault = std::ranges::find(played->findings, false, &LessonFinding::good);
        if (fault != played->findings.end())
            return m_window.showProblem(tr("The lesson could not be written"), qt(fault->step) + QStringLiteral(": ") + shown(fault->what));
        paper.views = played->views;
        save(paper, path);
    });
}

void LessonPapers::save(const LessonPaper& paper, const QString& path) {
    try {
        writeLessonPaper(path, paper);
    } catch (const InputError& error) {
        return m_window.showProblem(tr("The lesson could not be written"), shown(error.message()));
    }
    m_window.clearProblem();
    NoticeStrip& notice = m_window.notice();
    notice.setTexts(tr("The lesson is written for paper"), path);
    notice.clearActions();
    connect(notice.addAction(tr("Open it")), &Button::clicked, this, [path] { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); });
    connect(notice.addAction(tr("Close")), &Button::clicked, &notice, &QWidget::hide);
    notice.show();
    emit written(path);
}

}  // namespace lab
