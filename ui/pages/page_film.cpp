#include "ui/pages/page_film.h"

#include <QPainter>
#include <algorithm>

#include "core/runs/budget.h"
#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr double slack = 16;  ///< px: one more line of a caption

/// A figure on a ground of the size that the film's first one takes, made smaller when it does not fit.
class FrameFigure : public Figure {
public:
    FrameFigure(std::unique_ptr<Figure> inner, std::shared_ptr<QSizeF> film) : m_inner(std::move(inner)), m_film(std::move(film)) {}

    QSizeF size(const FigureSheet& sheet) const override {
        if (m_film->isEmpty()) *m_film = m_inner->size(sheet) + QSizeF(0, slack);
        return *m_film;
    }
    FigureTable table() const override { return m_inner->table(); }

    void paint(QPainter& painter, const FigureSheet& sheet) const override {
        const QSizeF whole = size(sheet), wanted = m_inner->size(sheet);
        painter.fillRect(QRectF(QPointF(), whole), Theme::instance().color(Role::screen));
        const double factor = std::min({1.0, whole.width() / wanted.width(), whole.height() / wanted.height()});
        painter.save();
        painter.scale(factor, factor);
        m_inner->paint(painter, sheet);
        painter.restore();
    }

protected:
    QSizeF bodySize(double) const override { return *m_film; }
    void paintBody(QPainter&, double) const override {}

private:
    std::unique_ptr<Figure> m_inner;
    std::shared_ptr<QSizeF> m_film;
};

}  // namespace

PageFilm::PageFilm(Page& page, Focus& focus, const QString& picture)
    : m_page(&page), m_focus(&focus), m_run(focus.run()), m_picture(picture), m_wasLive(focus.live()), m_wasShown(focus.shownStep()) {
    if (m_run)
        for (const CheckpointPtr& checkpoint : m_run->history().checkpoints()) m_steps.push_back(checkpoint->step);
    connect(&m_looking, &QTimer::timeout, this, &PageFilm::look);
}

PageFilm::~PageFilm() {
    if (m_asked < 0 || !undisturbed()) return;
    if (m_wasLive)
        m_focus->followLive();
    else
        m_focus->showStep(m_wasShown);
}

bool PageFilm::undisturbed() const {
    return m_focus && m_run && m_focus->run() == m_run && !m_focus->live() && m_focus->wantedStep() == m_asked;
}

QString PageFilm::disturbance() const {
    if (!m_focus || !m_run || m_focus->run() != m_run) return tr("The run is no longer shown");
    if (!m_page || !m_page->isVisible()) return tr("The page is no longer shown");
    if (!undisturbed()) return tr("Another step was chosen meanwhile");
    return {};
}

void PageFilm::request(int frame) {
    if (m_focus && m_run && m_focus->run() == m_run && (m_asked < 0 || undisturbed())) {
        m_focus->showKeptStep(m_steps[static_cast<std::size_t>(frame)]);
        m_asked = m_focus->shownStep();
    }
    m_looking.start(budget::filmLook);
}

void PageFilm::look() {
    if (const QString why = disturbance(); !why.isEmpty()) return end(why);
    if (!m_page->catchUp()) return;
    const std::shared_ptr<const Figure> frame = picture();
    if (!frame) return end(tr("There is no such picture at step %1").arg(grouped(m_asked)));
    m_looking.stop();
    emit ready(frame);
}

void PageFilm::end(const QString& why) {
    m_looking.stop();
    emit failed(why);
}

std::shared_ptr<const Figure> PageFilm::picture() const {
    const std::vector<FigureOffer> offers = m_page->allFigures();
    const auto offer = std::find_if(offers.begin(), offers.end(), [this](const FigureOffer& each) { return each.name == m_picture; });
    if (offer == offers.end()) return nullptr;
    std::unique_ptr<Figure> figure = offer->make();
    if (!figure) return nullptr;
    figure->title = tr("%1 \u00B7 step %2").arg(figure->title, grouped(m_asked));
    return std::make_shared<FrameFigure>(std::move(figure), m_frame);
}

}  // namespace lab
