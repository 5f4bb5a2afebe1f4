#include "ui/widgets/film_format.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <algorithm>
#include <cmath>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "ui/widgets/animated_gif.h"
#include "ui/widgets/animated_png.h"
#include "ui/widgets/figure_file.h"

namespace lab {
namespace {

constexpr int shortestFrame = 20, usualShortest = 40, usualLongest = 250, usualLength = 12000;  // ms

class FolderWriter final : public FilmWriter {
public:
    explicit FolderWriter(const FilmPlan& plan) : m_plan(plan) {}
    void add(const QImage& picture, std::int64_t step) override {
        const QString name = QStringLiteral("step-%1.png").arg(step, 9, 10, QLatin1Char('0'));
        writeBytes(m_plan.target / name.toStdString(), pngBytes(picture));
    }
    void finish() override {}

private:
    FilmPlan m_plan;
};

class ApngWriter final : public FilmWriter {
public:
    explicit ApngWriter(const FilmPlan& plan) : m_plan(plan) {}
    void add(const QImage& picture, std::int64_t) override { m_pictures.push_back(pngBytes(picture)); }
    void finish() override { writeBytes(m_plan.target, animatedPng(m_pictures, m_plan.milliseconds, m_plan.rest)); }

private:
    FilmPlan m_plan;
    std::vector<QByteArray> m_pictures;
};

/// One picture behind, since the last one stands longer.
class GifWriter final : public FilmWriter {
public:
    explicit GifWriter(const FilmPlan& plan) : m_plan(plan), m_gif(plan.milliseconds) {}
    void add(const QImage& picture, std::int64_t) override {
        if (!m_last.isNull()) m_gif.add(m_last);
        m_last = picture;
    }
    void finish() override {
        if (!m_last.isNull()) m_gif.add(m_last, m_plan.rest);
        writeBytes(m_plan.target, m_gif.bytes());
    }

private:
    FilmPlan m_plan;
    AnimatedGif m_gif;
    QImage m_last;
};

QString videoProgram() {
    return QStandardPaths::findExecutable(QStringLiteral("ffmpeg"));
}

/// By the program ffmpeg, where it is installed.
class VideoWriter final : public FilmWriter {
public:
    explicit VideoWriter(const FilmPlan& plan) : m_plan(plan) {}
    void add(const QImage& picture, std::int64_t) override { m_pictures.push_back(pngBytes(picture)); }
    void finish() override {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("film.mp4"));
        QProcess process;
        process.start(videoProgram(), arguments(file));
        for (const QByteArray& picture : m_pictures) process.write(picture);
        process.closeWriteChannel();
        process.waitForFinished(-1);
        QFile made(file);
        if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0 || !made.open(QIODevice::ReadOnly))
            throw InputError(utf8Text(m_plan.target), Message(LAB_TEXT("figures", "the program ffmpeg could not make it: %1"))
                                                          .arg(process.readAllStandardError().trimmed().right(mostSaid).toStdString()));
        writeBytes(m_plan.target, made.readAll());
    }

private:
    static constexpr qsizetype mostSaid = 300;

    /// Sides of a film are even; its last picture stands still for a while.
    QStringList arguments(const QString& file) const {
        const QString filter = QStringLiteral("pad=ceil(iw/2)*2:ceil(ih/2)*2,tpad=stop_mode=clone:stop_duration=%1,fps=25")
                                   .arg(m_plan.rest / 1000.0, 0, 'f', 3);
        return {"-loglevel", "error", "-y", "-f",       "image2pipe", "-framerate", QString::number(1000.0 / m_plan.milliseconds, 'f', 4),
                "-c:v",      "png",   "-i", "-",        "-vf",        filter,       "-c:v",
                "libx264",   "-crf",  "18", "-pix_fmt", "yuv420p",    "-movflags",  "+faststart",
                file};
    }

    FilmPlan m_plan;
    std::vector<QByteArray> m_pictures;
};

template <class Writer>
std::unique_ptr<FilmWriter> makeWriter(const FilmPlan& plan) {
    return std::make_unique<Writer>(plan);
}

bool always() {
    return true;
}

bool hasVideoProgram() {
    return !videoProgram().isEmpty();
}

constexpr FilmFormatSpec formats[] = {
    {FilmFormat::frames,
     "",
     LAB_TEXT("figures", "Frames"),
     LAB_TEXT("figures", "A folder of PNG files, one for each step"),
     always,
     {},
     makeWriter<FolderWriter>},
    {FilmFormat::animated,
     ".png",
     LAB_TEXT("figures", "PNG"),
     LAB_TEXT("figures", "One animated PNG file, sharp, as browsers show it"),
     always,
     {},
     makeWriter<ApngWriter>},
    {FilmFormat::gif,
     ".gif",
     LAB_TEXT("figures", "GIF"),
     LAB_TEXT("figures", "One animated GIF file of 256 colours, as slides and messengers show it"),
     always,
     {},
     makeWriter<GifWriter>},
    {FilmFormat::mp4, ".mp4", LAB_TEXT("figures", "MP4"), LAB_TEXT("figures", "A video file (H.264), made by the program ffmpeg"),
     hasVideoProgram, LAB_TEXT("figures", "The program ffmpeg is not installed: apt install ffmpeg"), makeWriter<VideoWriter>},
};

}  // namespace

const FilmFormatSpec& filmFormat(FilmFormat format) {
    return *std::ranges::find(formats, format, &FilmFormatSpec::format);
}

std::span<const FilmFormatSpec> filmFiles() {
    return std::span(formats).subspan(1);
}

std::vector<int> chosenFrames(const std::vector<std::int64_t>& steps, std::int64_t from, std::int64_t to, int most) {
    std::vector<int> within, chosen;
    for (std::size_t i = 0; i < steps.size(); ++i)
        if (steps[i] >= from && steps[i] <= to) within.push_back(static_cast<int>(i));
    const int count = static_cast<int>(within.size()), wanted = std::clamp(most, 1, std::max(count, 1));
    if (wanted >= count) return within;
    for (int k = 0; k < wanted; ++k) {
        const int at = wanted == 1 ? count - 1 : static_cast<int>(std::lround(static_cast<double>(k) * (count - 1) / (wanted - 1)));
        chosen.push_back(within[static_cast<std::size_t>(at)]);
    }
    return chosen;
}

int millisecondsEach(double seconds, int frames) {
    return std::max(shortestFrame, static_cast<int>(std::lround(1000.0 * seconds / std::max(frames, 1))));
}

double usualSeconds(int frames) {
    return std::clamp(usualLength / std::max(frames, 1), usualShortest, usualLongest) * std::max(frames, 1) / 1000.0;
}

}  // namespace lab
