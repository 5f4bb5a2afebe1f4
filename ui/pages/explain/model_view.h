#pragma once

#include <QWidget>

class QScrollArea;
class QStackedWidget;

namespace lab {

class Button;
class ComponentsView;
class CostView;
class OverviewPicture;
class PanelFrame;
class SegmentedControl;
class ShapesView;

/// The model around the walk: its picture, what else it could be made of, its tensors, and what it takes to read n tokens.
class ModelView : public QWidget {
    Q_OBJECT

public:
    enum class Part { overview, components, shapes, cost };

    explicit ModelView(QWidget* parent = nullptr);

    void show(Part part);
    Part part() const;
    /// Numbers without a model have shapes alone.
    void setWhole(bool whole);
    /// Of a model that is not walked through there are components and cost.
    void setWalked(bool walked);
    OverviewPicture* overview() const { return m_overview; }
    ComponentsView* components() const { return m_components; }
    ShapesView* shapes() const { return m_shapes; }
    CostView* cost() const { return m_cost; }

signals:
    void closed();

protected:
    void focusInEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    PanelFrame* m_panel;
    SegmentedControl* m_tabs;
    Button* m_back;
    QStackedWidget* m_parts;
    OverviewPicture* m_overview;
    QScrollArea* m_overviewScroll;
    ComponentsView* m_components;
    ShapesView* m_shapes;
    CostView* m_cost;
};

}  // namespace lab
