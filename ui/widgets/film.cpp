#include "ui/widgets/film.h"

#include <algorithm>
#include <system_error>

#include "core/base/errors.h"
#include "core/base/files.h"
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
    m_source->request(0);
}

void FilmExport::take(const Figure& figure) {
    try {
        QByteArray frame = figureBytes(figure, FigureFormat::png, m_style);
        if (m_format == FilmFormat::frames)
            writeBytes(m_target / frameName(m_source->stepOf(m_next)), frame);
        else
            m_frames.push_back(std::move(frame));
        emit progressed(++m_next, m_source->count());
        if (m_next < m_source->count())
            m_source->request(m_next);
        else
            finish();
    } catch (const InputError& error) {
        emit failed(QString::fromUtf8(error.what()));
    }
}

void FilmExport::finish() {
    const int count = m_source->count();
    if (m_format == FilmFormat::animated)
        writeBytes(m_target, animatedPng(m_frames, std::clamp(wishedLength / count, shortest, longest), rest));
    emit finished(count);
}

}  // namespace lab
