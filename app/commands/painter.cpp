#include "app/commands/painter.h"

#include <future>

#include "app/commands/run_figures.h"
#include "server/http/problem.h"
#include "ui/widgets/figure_file.h"

namespace lab {
namespace {

std::string fileOf(const Figure& figure, const server::PictureForm& form) {
    return figureBytes(figure, form.format, form.style).toStdString();
}

}  // namespace

void Painter::close() {
    const std::lock_guard lock(m_mutex);
    m_post.reset();  // with what waits, whose promises are broken by that
}

std::string Painter::painted(std::function<std::string()> paint) {
    auto task = std::make_shared<std::packaged_task<std::string()>>(std::move(paint));
    std::future<std::string> picture = task->get_future();
    const server::Refusal ending(503, LAB_TEXT("commands", "the server is about to end"));
    {
        const std::lock_guard lock(m_mutex);
        if (!m_post) throw ending;
        m_post->post([task] { (*task)(); });
    }
    task.reset();
    try {
        return picture.get();
    } catch (const std::future_error&) {
        throw ending;
    }
}

std::string Painter::maps(const RunMoment& moment, const Input& input, const MapsWish& wish, const server::PictureForm& form) {
    const auto trace = traceFor(wish, moment, input);
    return painted([&] { return fileOf(*mapsFigure(moment, input, trace, wish), form); });
}

std::string Painter::curves(const server::CurvesSubject& subject, const server::PictureForm& form) {
    return painted([&] { return fileOf(*curvesFigure(subject.rows, subject.name, subject.source, subject.loss), form); });
}

}  // namespace lab
