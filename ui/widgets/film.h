#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "ui/widgets/figure_file.h"
#include "ui/widgets/film_format.h"

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

/// Which of a source's frames, and how long they take.
struct FilmCut {
    std::vector<int> frames = {};  ///< empty: all
    double seconds = 0.0;          ///< without the rest at its end; 0: as suits their number
};

/// Writes a film without holding up the window: one frame, then whatever else there is to do. Destroying it stops it; an unfinished
/// animated file is not written at all, of frames those that were written stay.
class FilmExport : public QObject {
    Q_OBJECT

public:
    FilmExport(std::unique_ptr<FilmSource> source, FilmFormat format, std::filesystem::path target, const FigureStyle& style,
               FilmCut cut = {}, QObject* parent = nullptr);

    void start();

signals:
    void progressed(int done, int count);
    void finished(int count);
    void failed(const QString& why);

private:
    void take(const Figure& figure);
    /// On another thread; it gives why it could not.
    void work(std::function<void()> job);
    void goOn();
    int count() const { return static_cast<int>(m_cut.frames.size()); }
    int frame() const { return m_cut.frames[static_cast<std::size_t>(m_next)]; }

    std::unique_ptr<FilmSource> m_source;
    const FilmFormatSpec& m_format;
    std::filesystem::path m_target;
    FigureStyle m_style;
    FilmCut m_cut;
    std::shared_ptr<FilmWriter> m_writer;
    int m_next = 0;
    bool m_finishing = false;
    QFutureWatcher<QString> m_work;
};

}  // namespace lab
