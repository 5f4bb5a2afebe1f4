#include "ui/widgets/film.h"

#include <QPromise>
#include <QThreadPool>
#include <algorithm>
#include <system_error>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform.h"
#include "ui/text/message_text.h"
#include "ui/widgets/animated_png.h"

namespace lab {
namespace {

constexpr int wishedLength = 12000, shortest = 40, longest = 250, rest = 2000;  // ms

std::string frameName(std::int64_t step) {
    return QStringLiteral("step-%1.png").arg(step, 9, 10, QLatin1Char('0')).toStdString();
}

}  // namespace

FilmExport::FilmExport(std::unique_ptr<FilmSource> source, FilmFormat format, std::filesystem::path target, const FigureStyle& style,
                       QObject* parent)
    : QObject(parent), m_source(std::move(source)), m_format(format), m_target(std::move(target)), m_style(style) {
    connect(m_source.get(), &FilmSource::ready, this, [this](const std::shared_ptr<const Figure>& figure) { take(*figure); });
    connect(m_source.get(), &FilmSource::failed, this, &FilmExport::failed);
    connect(&m_work, &QFutureWatcher<Done>::finished, this, &FilmExport::goOn);
}

void FilmExport::start() {
    if (m_source->count() == 0) {
        emit failed(tr("There is no kept step to draw yet"));
        return;
    }
    if (m_format == FilmFormat::frames) {
        std::error_code error;
        std::filesystem::create_directories(m_target, error);
        if (error) {
            emit failed(
                tr("%1: cannot be made: %2").arg(QString::fromStdString(utf8Text(m_target)), QString::fromStdString(error.message())));
            return;
        }
    }
    if (m_format == FilmFormat::animated && !std::filesystem::is_directory(std::filesystem::absolute(m_target).parent_path())) {
        emit failed(tr("%1: there is no such folder").arg(QString::fromStdString(utf8Text(m_target.parent_path()))));
        return;
    }
    m_source->request(0);
}

/// Painting is the GUI thread's; pressing it into a file takes longer and is another's.
void FilmExport::take(const Figure& figure) {
    const QImage image = figureImage(figure, m_style);
    if (image.isNull()) {
        emit failed(tr("The picture would be too large; choose a smaller scale."));
        return;
    }
    std::filesystem::path file;
    if (m_format == FilmFormat::frames) file = m_target / frameName(m_source->stepOf(m_next));
    work([image, file]() -> Done {
        QByteArray frame = pngBytes(image);
        if (file.empty()) return {std::move(frame), {}};
        writeBytes(file, frame);
        return {};
    });
}

void FilmExport::work(std::function<Done()> job) {
    const auto promise = std::make_shared<QPromise<Done>>();
    m_work.setFuture(promise->future());
    promise->start();
    QThreadPool::globalInstance()->start([promise, job = std::move(job)] {
        cleanVectorRegisters();
        try {
            promise->addResult(job());
        } catch (const std::exception& error) {
            promise->addResult(Done{{}, shown(messageOf(error))});
        }
        promise->finish();
    });
}

void FilmExport::goOn() {
    const Done done = m_work.result();
    const int count = m_source->count();
    if (!done.error.isEmpty()) {
        emit failed(done.error);
    } else if (m_next == count) {
        emit finished(count);
    } else {
        if (m_format == FilmFormat::animated) m_frames.push_back(done.frame);
        emit progressed(++m_next, count);
        if (m_next < count)
            m_source->request(m_next);
        else
            finish();
    }
}

void FilmExport::finish() {
    const int count = m_source->count();
    if (m_format == FilmFormat::frames) {
        emit finished(count);
        return;
    }
    work([frames = std::move(m_frames), target = m_target, count]() -> Done {
        writeBytes(target, animatedPng(frames, std::clamp(wishedLength / count, shortest, longest), rest));
        return {};
    });
}

}  // namespace lab
