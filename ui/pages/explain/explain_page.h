#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/explain/examples.h"
#include "core/explain/markdown.h"
#include "core/explain/overview.h"
#include "core/explain/shapes.h"
#include "core/explain/twin.h"
#include "core/explain/walk.h"
#include "ui/pages/page.h"

class QComboBox;
class QLabel;
class QScrollArea;
class QStackedWidget;
class QTimer;

namespace lab {

class AnswerThrow;
class BlockStrip;
class Button;
class Checker;
class CodeView;
class EmptyState;
class FormulaStrip;
class MatrixPicture;
class ModelView;
class MomentFinder;
class PanelFrame;
class SegmentedControl;
class ShapeLine;
class ShapePictureView;
class SoftmaxLabView;
class StageDesk;
class StageRail;
class StatementsView;
class TermList;
class TilesView;
class ThemedLabel;
class VectorPlane;

/// One query of one head, every number opened: the walk through its stages, forward and backward, with the expression behind each cell and
/// the way down to where its operands come from. The stage stays when the step, the input, the head or the query changes.
/// Keys: Page Up and Page Down step through the stages, Shift+Page Down plays them, Backspace goes back up from where a number came from;
/// Alt with Up and Down changes the query, with Left and Right the key; [ and ] the head; the desk's own keys are told there.
class ExplainPage : public Page {
    Q_OBJECT

public:
    explicit ExplainPage(Focus& focus, QWidget* parent = nullptr);
    ~ExplainPage() override;

    static QString pageTitle() { return tr("Explain"); }
    static QString pageName() { return QStringLiteral("explain"); }
    QString title() const override { return pageTitle(); }
    QString iconName() const override { return pageName(); }

    std::vector<FigureOffer> figures() override;
    bool escape() override;
    QWidget* mainPart() override;
    QStringList walkedStages() const override;

    const explain::Walk& walk() const { return m_walk; }
    StageDesk* desk() const { return m_desk; }
    AnswerThrow* answerThrow() const { return m_throw; }
    BlockStrip* block() const { return m_block; }
    MatrixPicture* picture() const { return m_picture; }
    ShapeLine* shapeLine() const { return m_shapeLine; }
    ShapePictureView* shapePicture() const { return m_shapePicture; }
    ModelView* modelView() const { return m_model; }
    /// Of the model around the walk: its picture, the catalogue of components, its tensors, what it takes to read n tokens.
    enum class ModelPart { overview, components, shapes, cost };
    void openModelView(ModelPart part);
    TilesView* tiles() const { return m_tiles; }
    CodeView* code() const { return m_code; }
    /// How a stage is shown: as a picture where it has one, else as numbers; or as code, where a model made the numbers.
    enum class View { picture, numbers, code };
    void showAs(View view);
    void showPictures(bool on) { showAs(on ? View::picture : View::numbers); }
    View shownView() const;
    QString whyNoCode() const;
    bool showsPicture() const { return shownView() == View::picture; }
    QString stage() const override;
    /// "code.mix" shows stage mix as code. `cell`: "GRID:ROW,COLUMN".
    bool showStage(const QString& id, const QString& cell) override;
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;
    /// The cell in hand: chosen, or under the mouse.
    explain::CellRef shownCell() const;
    void dig(const explain::CellRef& origin);
    void goBack();
    /// Puts a number in the place of a cell's; false when that cell is not to be edited. `goesOn`: with the last one it is undone at once.
    bool edit(const explain::CellRef& cell, double value, bool goesOn = false);
    void undo();
    void redo();
    /// Shows an example without a model; negative: the model's numbers again.
    void showExample(int index);
    void returnToModel();

protected:
    void refresh() override;
    bool standsOnTrace() const override { return true; }
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    /// What an edit changed, to be undone.
    struct Own {
        Input input;
        int sample;  ///< whose input it is; -1: own
        explain::Example example;
    };
    /// Where one came from when digging.
    struct Step {
        explain::CellRef cell;
        int query, key, block, head;
    };

    /// What the twin said of a stage, and for which step.
    struct Checked {
        bool known = false;
        std::shared_ptr<const Trace> trace;
        std::string stage;
        explain::Question question;
        std::int64_t step = 0;
        explain::Check check;
    };

    void makeHeader();
    QWidget* makeRail();
    QWidget* makeMiddle();
    QWidget* makeRight();
    void applyMeasures();
    int room() const;
    void connectParts();

    bool buildModelWalk();
    explain::Question question() const;
    explain::Question question(const Trace& trace, const Input& input, std::int64_t step) const;
    CheckpointPtr traceCheckpoint() const;
    CheckpointPtr walkCheckpoint() const;
    void adoptWalk();
    void showCurrentStage();
    void showCell();
    void showCrumbs();
    void fitCrumbs();
    void showPlane(const explain::Stage& stage);
    void showCheck();
    Checked checkedStage(const explain::Stage& now);
    void showControls();
    void showDesk();
    void showCode();
    QString deskNote() const;
    QWidget* deskInHand() const;
    bool hasPicture(const explain::Stage& stage) const;
    const explain::Grid* scoresInHand() const;
    void showThrow();
    void step(int by);
    void play(bool on);
    void choose(const explain::CellRef& cell);
    void activate(const explain::CellRef& cell);
    void followCrumb(const QString& link);
    void remember();
    void restore(const Own& own);
    void editExample(const std::string& tensor, std::size_t index, double value);
    void editModel(const std::string& tensor, std::size_t index, float value);
    bool anyEditable(const explain::Stage& stage) const;
    void addMoments(explain::Question& question, Run& run, std::int64_t step) const;
    void moveSelection(int block, int head, int query, int key);
    void fillAxes(int dims);
    void openLab();
    bool fillTiles();
    bool openTiles();
    void fillStatements();
    bool showStatement(const QString& id);
    void leaveFor(const QString& place);
    bool shapesStay() const;
    /// Of this run nothing is walked through, now or later.
    bool lacksWalk() const;
    void showShapes();
    void connectModelView();
    void showModelView();
    QString modelPart() const;
    bool showModelPart(const QString& id);
    void showShapePicture(const explain::Stage& now);
    std::optional<explain::Overview> overview() const;
    void goToBlock(int block, const QString& stage);
    explain::WalkTitle walkTitle() const;
    std::vector<FigureOffer> costFigures() const;
    void openHandout();
    const explain::Stage* shownStage() const;
    bool goToStage(const std::string& id);

    explain::Walk m_walk;
    bool m_hasWalk = false;
    std::shared_ptr<const Trace> m_trace;
    explain::Question m_asked;              ///< what the walk answers
    std::shared_ptr<const Model> m_walkOf;  ///< and of which model
    int m_stage = 0;
    std::string m_stageId;
    explain::CellRef m_chosen, m_hovered, m_worst;
    std::vector<Step> m_trail;
    Checked m_checked;
    int m_example = -1;  ///< shown without a model; -1: the model's numbers
    explain::Example m_exampleNow;
    int m_exampleQuery = 0, m_exampleKey = 0;
    std::vector<Own> m_undo, m_redo;
    int m_sampleBefore = -1;
    int m_seconds = 2;
    int m_deskQuery = 0;    ///< whose columns are in sight
    bool m_narrow = false;  ///< too narrow for remarks in the desk's bar
    bool m_low = false;     ///< too low for the picture of a shape
    bool m_brief = false;   ///< too low for the self-check's small print

    Checker* m_checker;
    MomentFinder* m_moments;
    QTimer* m_timer;
    QStackedWidget* m_stack;
    QWidget* m_content;
    QWidget* m_header;
    QLabel* m_crumbs;
    QString m_queryToken;
    QStringList m_path;  ///< rich text: step, layer, head, query, stage, cell
    SegmentedControl *m_direction, *m_source;
    Button *m_overviewButton, *m_statementsButton, *m_handoutButton, *m_exportButton;
    PanelFrame *m_railPanel, *m_deskPanel, *m_planePanel, *m_termsPanel;
    QLabel* m_counter;
    Button *m_playButton, *m_paceButton, *m_labButton, *m_memoryButton, *m_undoButton, *m_redoButton;
    QComboBox *m_exampleBox, *m_planeX, *m_planeY;
    StageRail* m_rail;
    QScrollArea* m_railScroll;
    FormulaStrip* m_strip;
    BlockStrip* m_block;
    StageDesk* m_desk;
    MatrixPicture* m_picture;
    QScrollArea* m_pictureScroll;
    CodeView* m_code;
    QStackedWidget* m_deskStack;  ///< the stage as numbers, as a picture or as code
    View m_wanted = View::picture;
    SegmentedControl* m_view;
    AnswerThrow* m_throw;
    explain::CellRef m_thrown;  ///< whose throw is shown
    std::optional<explain::Shapes> m_shapes;
    std::shared_ptr<const Model> m_shapesOf;
    explain::Question m_shapesAsked;
    ShapeLine* m_shapeLine;
    PanelFrame* m_shapePanel;
    ShapePictureView* m_shapePicture;
    ModelView* m_model;
    /// What the overview and the catalogue depend on.
    struct PictureOf {
        std::shared_ptr<const Model> model;
        int block = 0;
        std::string stage;
        std::size_t stages = 0;
        bool operator==(const PictureOf&) const = default;
    };
    PictureOf m_pictured;
    std::optional<ModelPart> m_wantedPart;  ///< to be opened when there is a walk
    VectorPlane* m_plane;
    TermList* m_terms;
    QWidget* m_right;
    QLabel* m_check;
    StatementsView* m_statements;
    SoftmaxLabView* m_lab;
    TilesView* m_tiles;
    bool m_wantsTiles = false;  ///< to be opened when there is a walk
    QWidget *m_labPage, *m_modelPage, *m_tilesPage;
    EmptyState* m_empty;
};

}  // namespace lab
