#include "ui/widgets/film.h"

#include <QPromise>
#include <QThreadPool>
#include <system_error>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform.h"
#include "ui/text/message_text.h"

namespace lab {

FilmExport::FilmExport(std::unique_ptr<FilmSource> source, FilmFormat format, std::filesystem::path target, const FigureStyle& style,
                       FilmCut cut, QObject* parent)
    : QObject(parent),
      m_source(std::move(source)),
      m_format(filmFormat(format)),
      m_target(std::move(target)),
      m_style(style),
      m_cut(std::move(cut)) {
    for (int i = 0; m_cut.frames.empty() && i < m_source->count(); ++i) m_cut.frames.push_back(i);
    if (m_cut.seconds <= 0.0) m_cut.seconds = usualSeconds(count());
    connect(m_source.get(), &FilmSource::ready, this, [this](const std::shared_ptr<const Figure>& figure) { take(*figure); });
    connect(m_source.get(), &FilmSource::failed, this, &FilmExport::failed);
    connect(&m_work, &QFutureWatcher<QString>::finished, this, &FilmExport::goOn);
}

void FilmExport::start() {
    if (count() == 0) {
        emit failed(tr("There is no kept step to draw yet"));
        return;
    }
    if (m_format.isFolder()) {
        std::error_code error;
        std::filesystem::create_directories(m_target, error);
        if (error) {
            emit failed(
                tr("%1: cannot be made: %2").arg(QString::fromStdString(utf8Text(m_target)), QString::fromStdString(error.message())));
            return;
        }
    } else if (!std::filesystem::is_directory(std::filesystem::absolute(m_target).parent_path())) {
        emit failed(tr("%1: there is no such folder").arg(QString::fromStdString(utf8Text(m_target.parent_path()))));
        return;
    }
    FilmPlan plan{m_target};
    plan.milliseconds = millisecondsEach(m_cut.seconds, count());
    m_writer = m_format.make(plan);
    m_source->request(frame());
}

/// Painting is the GUI thread's; pressing it into a file takes longer and is another's.
void FilmExport::take(const Figure& figure) {
    const QImage image = figureImage(figure, m_style);
    if (image.isNull()) {
        emit failed(tr("The picture would be too large; choose a smaller scale."));
        return;
    }
    work([writer = m_writer, image, step = m_source->stepOf(frame())] { writer->add(image, step); });
}

void FilmExport::work(std::function<void()> job) {
    const auto promise = std::make_shared<QPromise<QString>>();
    m_work.setFuture(promise->future());
    promise->start();
    QThreadPool::globalInstance()->start([promise, job = std::move(job)] {
        cleanVectorRegisters();
        try {
            job();
            promise->addResult(QString());
        } catch (const std::exception& error) {
            promise->addResult(shown(messageOf(error)));
        }
        promise->finish();
    });
}

void FilmExport::goOn() {
    if (const QString error = m_work.result(); !error.isEmpty()) return emit failed(error);
    if (m_finishing) return emit finished(count());
    emit progressed(++m_next, count());
    if (m_next < count()) return m_source->request(frame());
    m_finishing = true;
    work([writer = m_writer] { writer->finish(); });
}

}  // namespace lab
