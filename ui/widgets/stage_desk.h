#pragma once

#include <QAbstractScrollArea>

#include "ui/widgets/desk_scene.h"

namespace lab {

/// The desk: a stage's cells, to be pointed at, chosen and dug into. Arrows move, Enter or a click digs, labels and results stay in sight
/// while the columns scroll.
class StageDesk : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit StageDesk(QWidget* parent = nullptr);

    void setStage(const explain::Stage& stage);
    const DeskScene& scene() const { return m_scene; }
    /// Without a signal; scrolls it into sight.
    void setSelected(const explain::CellRef& cell);
    const explain::CellRef& selected() const { return m_selected; }

signals:
    void hovered(const lab::explain::CellRef& cell);  ///< no stage: the mouse left
    void chosen(const lab::explain::CellRef& cell);
    void activated(const lab::explain::CellRef& cell);  ///< Enter, or a click on the chosen cell

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    DeskScene::View view() const;
    void layOut();
    void move(int rows, int columns);
    void reveal();
    void describe();

    DeskScene m_scene;
    explain::CellRef m_selected;
    explain::CellRef m_hovered;
};

}  // namespace lab
