#pragma once

#include <QAbstractScrollArea>

#include "ui/widgets/desk_scene.h"

class QLineEdit;

namespace lab {

/// The desk: a stage's cells, to be pointed at, chosen and dug into. Arrows move, Enter or a second click digs, labels and results stay in
/// sight while the columns scroll, and above them a strip shows all columns. With own numbers the hand may change some cells: type a
/// number, F2, Enter or a second click to edit, Shift with Up and Down to nudge, or drag the cell or its fader.
class StageDesk : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit StageDesk(QWidget* parent = nullptr);

    void setStage(const explain::Stage& stage);
    const DeskScene& scene() const { return m_scene; }
    /// Without a signal; scrolls it into sight.
    void setSelected(const explain::CellRef& cell);
    const explain::CellRef& selected() const { return m_selected; }

    /// What weighs most comes into sight.
    void revealLit();

    void setOwnNumbers(bool own);
    /// Opens the field in the chosen cell if it may be changed; `text` replaces its number.
    void startEditing(const QString& text = {});
    QLineEdit* editor() const { return m_editor; }

signals:
    void hovered(const lab::explain::CellRef& cell);  ///< no stage: the mouse left
    void chosen(const lab::explain::CellRef& cell);
    void activated(const lab::explain::CellRef& cell);  ///< Enter, or a click on the chosen cell
    /// A number by hand; `goesOn`: the same drag as the last one.
    void edited(const lab::explain::CellRef& cell, double value, bool goesOn);

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* object, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    class Strip;
    /// A press that may become a drag.
    struct Drag {
        explain::CellRef cell;
        QPointF from;
        double value = 0.0;
        bool again = false;  ///< the cell was chosen already
        bool moved = false;
        bool fader = false;
    };

    DeskScene::View view() const;
    void layOut();
    void placeStrips();
    void move(int rows, int columns);
    void reveal();
    std::optional<std::pair<int, int>> litSpan() const;
    bool litInSight() const;
    void describe();
    bool mayEdit(const explain::CellRef& cell) const { return m_own && m_scene.editable(cell); }
    void dragTo(const QPointF& point);
    void nudge(int direction);
    void commitEditing();
    void endEditing();

    DeskScene m_scene;
    explain::CellRef m_selected;
    explain::CellRef m_hovered;
    bool m_own = false;
    std::optional<Drag> m_drag;
    explain::CellRef m_edited;
    QLineEdit* m_editor;
    Strip *m_overview, *m_legend;
};

}  // namespace lab
