#pragma once

#include <QWidget>
#include <memory>

#include "ui/pages/explain/overview_scene.h"
#include "ui/widgets/figure.h"

namespace lab {

/// The whole transformer, to be walked through: a click on a part, or the arrow keys and Enter, lead to its stage; what the model lacks
/// leads to the setting that brings it.
class OverviewPicture : public QWidget {
    Q_OBJECT

public:
    explicit OverviewPicture(QWidget* parent = nullptr);

    void setOverview(const explain::Overview& overview);
    const OverviewScene& scene() const { return m_scene; }
    /// Where a box stands, in the widget.
    QRectF place(const std::string& id) const;
    /// The box that the keys are on.
    std::string chosenPart() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void chosen(int block, const QString& stage);
    void settingWanted(const QString& key);
    void moved(const QRect& box);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    QPointF origin() const;
    void open(const explain::OverviewPart& part);
    void describe();
    int box() const;

    OverviewScene m_scene;
    std::string m_chosen;  ///< empty: the part in hand
};

/// What a part is, and where it is or what switches it, for a tool tip and for screen readers.
QString partText(const explain::OverviewPart& part);

/// The same for paper.
std::unique_ptr<Figure> overviewFigure(const explain::Overview& overview);

}  // namespace lab
