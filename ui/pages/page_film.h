#pragma once

#include <QPointer>
#include <QTimer>
#include <vector>

#include "ui/pages/page.h"
#include "ui/widgets/film.h"

namespace lab {

/// Any picture of a page as a function of the step: the window goes from kept step to kept step, and each time the page has caught up its
/// picture of this name is taken. Everything on a page follows the shown step, so this serves every page there will be. Afterwards the
/// window shows what it showed before, unless the person chose another step meanwhile; that ends the film.
class PageFilm : public FilmSource {
    Q_OBJECT

public:
    /// `picture`: the name of one of the page's offers.
    PageFilm(Page& page, Focus& focus, const QString& picture);
    ~PageFilm() override;

    int count() const override { return static_cast<int>(m_steps.size()); }
    std::int64_t stepOf(int frame) const override { return m_steps[static_cast<std::size_t>(frame)]; }
    void request(int frame) override;

private:
    bool undisturbed() const;
    QString disturbance() const;
    void look();
    void end(const QString& why);
    std::shared_ptr<const Figure> picture() const;

    QPointer<Page> m_page;
    QPointer<Focus> m_focus;
    QPointer<Run> m_run;
    QString m_picture;
    std::vector<std::int64_t> m_steps;
    std::shared_ptr<QSizeF> m_frame = std::make_shared<QSizeF>();  ///< of the first frame, once it was measured
    QTimer m_looking;
    std::int64_t m_asked = -1;  ///< the step the window was told to show
    bool m_wasLive;
    std::int64_t m_wasShown;
};

}  // namespace lab
