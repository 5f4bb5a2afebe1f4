#pragma once

#include <vector>

#include "ui/pages/page.h"
#include "ui/pages/positions/position_view.h"
#include "ui/pages/positions/rope_study.h"

class QComboBox;
class QSpinBox;
class QStackedWidget;

namespace lab {

class Button;
class EmptyState;
class ErrorStrip;
class PageHeader;
class RopeCircles;
class RopeExtensionView;
class RopePhases;
class SegmentedControl;

/// How the model knows order: rotary positions drawn on its own q and k, and every other kind of positions.
class PositionsPage : public Page {
    Q_OBJECT

public:
    enum class Kind { rope, sinusoidal, learned, alibi, relative, positionMap, none };
    enum class RopeView { circles, phases, extension };

    explicit PositionsPage(Focus& focus, QWidget* parent = nullptr);

    static QString pageTitle() { return tr("Positions"); }
    static QString pageName() { return QStringLiteral("positions"); }
    QString title() const override { return pageTitle(); }
    QString iconName() const override { return pageName(); }

    std::vector<FigureOffer> figures() override;
    QWidget* mainPart() override;

    Kind kind() const { return m_kind; }
    void setKind(Kind kind);
    RopeView ropeView() const { return m_ropeView; }
    void setRopeView(RopeView view);
    RopeStudy& study() { return m_study; }

protected:
    void refresh() override;
    bool standsOnTrace() const override { return true; }
    bool ready() const override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void makeHeader();
    void makeViews();
    void applyMeasures();
    void foldHeader();
    void showKind();
    PositionScene lookAround() const;
    PositionView* view() const;
    void refreshHeader();
    void refreshTitle();
    void refreshView();
    void chooseHead(int by);
    void choosePlace();

    RopeStudy m_study;
    PositionScene m_scene;
    Kind m_kind = Kind::rope;
    RopeView m_ropeView = RopeView::circles;
    QPointer<Run> m_run;
    bool m_met = false;  ///< a run was seen: its own kind was shown

    PageHeader* m_header;
    Button* m_previousHead;
    Button* m_nextHead;
    QSpinBox* m_query;
    QSpinBox* m_key;
    SegmentedControl* m_kinds;
    QComboBox* m_kindBox;  ///< in its place where the page is narrow
    SegmentedControl* m_ropeViews;
    QStackedWidget* m_stack;
    RopeCircles* m_circles;
    RopePhases* m_phases;
    RopeExtensionView* m_extension;
    std::vector<PositionView*> m_views;  ///< of the kinds behind rope
    EmptyState* m_absence;
    ErrorStrip* m_error;
};

}  // namespace lab
