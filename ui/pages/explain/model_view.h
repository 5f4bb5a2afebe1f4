#pragma once

#include <QWidget>

class QStackedWidget;

namespace lab {

class PanelFrame;
class SegmentedControl;
class ShapesView;

/// The model around the walk: its tensors.
class ModelView : public QWidget {
    Q_OBJECT

public:
    enum class Part { shapes };

    explicit ModelView(QWidget* parent = nullptr);

    void show(Part part);
    Part part() const;
    ShapesView* shapes() const { return m_shapes; }

signals:
    void closed();

protected:
    void focusInEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    PanelFrame* m_panel;
    QStackedWidget* m_parts;
    ShapesView* m_shapes;
};

}  // namespace lab
