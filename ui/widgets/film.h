#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "ui/widgets/figure_file.h"

namespace lab {

/// Figures of one size, one for each moment, each made when it is asked for.
class FilmSource : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    virtual int count() const = 0;
    virtual std::int64_t stepOf(int frame) const = 0;
    /// Answered once, by ready or failed; not before it returns.
    virtual void request(int frame) = 0;

signals:
    void ready(std::shared_ptr<const lab::Figure> figure);
    void failed(const QString& why);
};

enum class FilmFormat {
    frames,   ///< a folder of PNG files, named by their steps
    animated  ///< one animated PNG file
};

/// Writes a film without holding up the window: one frame, then whatever else there is to do. Destroying it stops it; an unfinished
/// animated file is not written at all, of frames those that were written stay.
class FilmExport : public QObject {
    Q_OBJECT

public:
    FilmExport(std::unique_ptr<FilmSource> source, FilmFormat format, std::filesystem::path target, const FigureStyle& style,
               QObject* parent = nullptr);

    void start();

signals:
    void progressed(int done, int count);
    void finished(int count);
    void failed(const QString& why);

private:
    /// What the worker made: a frame for an animated file, or why it could not.
    struct Done {
        QByteArray frame;
        QString error;
    };
    void take(const Figure& figure);
    void work(std::function<Done()> job);
    void goOn();
    void finish();

    std::unique_ptr<FilmSource> m_source;
    FilmFormat m_format;
    std::filesystem::path m_target;
    FigureStyle m_style;
    int m_next = 0;
    std::vector<QByteArray> m_frames;  ///< of an animated file
    QFutureWatcher<Done> m_work;
};

}  // namespace lab
