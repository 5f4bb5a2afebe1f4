#!/usr/bin/env python3
"""Tiny models of other programs' families, as transformers writes them, and what transformers makes of them (float32, eager attention).
usage: make_pretrained.py OUT SEED CASE...   needs torch, transformers, tokenizers, safetensors"""
import json,os,sys,torch,transformers,tokenizers
from tokenizers import Tokenizer,models,normalizers,pre_tokenizers,decoders,processors,trainers,Regex
from safetensors.torch import save_file
from transformers import PreTrainedTokenizerFast
sys.path.insert(0,os.path.dirname(os.path.abspath(__file__)))
from corpus import corpus
out,seed=sys.argv[1],int(sys.argv[2]); want=set(sys.argv[3:]); big=seed!=1
text=corpus(seed)
LL3=r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QW2=LL3.replace(r"\p{N}{1,3}",r"\p{N}")
def wordpiece(lower=True):
    t=Tokenizer(models.WordPiece(unk_token="[UNK]")); t.normalizer=normalizers.BertNormalizer(lowercase=lower); t.pre_tokenizer=pre_tokenizers.BertPreTokenizer(); t.decoder=decoders.WordPiece()
    t.train_from_iterator(text,trainers.WordPieceTrainer(vocab_size=420 if not big else 517,special_tokens=["[PAD]","[UNK]","[CLS]","[SEP]","[MASK]"]))
    t.post_processor=processors.TemplateProcessing(single="[CLS] $A [SEP]",pair="[CLS] $A [SEP] $B:1 [SEP]:1",special_tokens=[("[CLS]",2),("[SEP]",3)])
    return PreTrainedTokenizerFast(tokenizer_object=t,unk_token="[UNK]",pad_token="[PAD]",cls_token="[CLS]",sep_token="[SEP]",mask_token="[MASK]")
def bpe(kind):
    t=Tokenizer(models.BPE()); alpha=pre_tokenizers.ByteLevel.alphabet()
    if kind=="gpt2": t.pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=False)
    else: t.pre_tokenizer=pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(LL3 if kind=="llama3" else QW2),"isolated"),pre_tokenizers.ByteLevel(add_prefix_space=False,use_regex=False)])
    if kind=="qwen2": t.normalizer=normalizers.NFC()
    t.decoder=decoders.ByteLevel()
    sp={"gpt2":["<|endoftext|>"],"llama3":["<|begin_of_text|>","<|end_of_text|>"],"qwen2":["<|endoftext|>","<|im_start|>","<|im_end|>"],"roberta":["<s>","<pad>","</s>","<unk>","<mask>"]}[kind]
    t.train_from_iterator(text,trainers.BpeTrainer(vocab_size=520 if not big else 611,special_tokens=sp,initial_alphabet=alpha))
    kw={}
    if kind=="gpt2": t.post_processor=processors.ByteLevel(trim_offsets=False); kw=dict(bos_token=sp[0],eos_token=sp[0])
    if kind=="llama3": t.post_processor=processors.TemplateProcessing(single="<|begin_of_text|> $A",pair="<|begin_of_text|> $A <|begin_of_text|> $B:1",special_tokens=[(sp[0],t.token_to_id(sp[0]))]); kw=dict(bos_token=sp[0],eos_token=sp[1])
    if kind=="qwen2": kw=dict(eos_token=sp[0],pad_token=sp[0])
    if kind=="roberta": t.post_processor=processors.RobertaProcessing(("</s>",t.token_to_id("</s>")),("<s>",t.token_to_id("<s>")),add_prefix_space=False); kw=dict(bos_token="<s>",eos_token="</s>",unk_token="<unk>",pad_token="<pad>",mask_token="<mask>",cls_token="<s>",sep_token="</s>")
    return PreTrainedTokenizerFast(tokenizer_object=t,**kw)
def rope(theta,**kw): return dict(rope_theta=theta,rope_type="default") if not kw else dict(rope_theta=theta,**kw)
from transformers import (BertForMaskedLM,BertConfig,BertModel,DistilBertForMaskedLM,DistilBertConfig,RobertaForMaskedLM,RobertaConfig,GPT2LMHeadModel,GPT2Config,LlamaForCausalLM,LlamaConfig,Qwen2ForCausalLM,Qwen2Config,Qwen3ForCausalLM,Qwen3Config,MistralForCausalLM,MistralConfig,GPTNeoXForCausalLM,GPTNeoXConfig)
def cases():
    d,h=(64,4) if not big else (48,3)
    yield "bert-mlm",lambda:wordpiece(),lambda v:BertForMaskedLM(BertConfig(vocab_size=v,hidden_size=d,num_hidden_layers=2,num_attention_heads=h,intermediate_size=3*d,max_position_embeddings=64,type_vocab_size=2))
    yield "bert-bare",lambda:wordpiece(),lambda v:BertModel(BertConfig(vocab_size=v,hidden_size=d,num_hidden_layers=3,num_attention_heads=h,intermediate_size=2*d,max_position_embeddings=64))
    yield "distilbert",lambda:wordpiece(),lambda v:DistilBertForMaskedLM(DistilBertConfig(vocab_size=v,dim=d,n_layers=2,n_heads=h,hidden_dim=3*d,max_position_embeddings=64,sinusoidal_pos_embds=False))
    yield "roberta",lambda:bpe("roberta"),lambda v:RobertaForMaskedLM(RobertaConfig(vocab_size=v,hidden_size=d,num_hidden_layers=2,num_attention_heads=h,intermediate_size=3*d,max_position_embeddings=66,type_vocab_size=1,pad_token_id=1,bos_token_id=0,eos_token_id=2))
    yield "gpt2",lambda:bpe("gpt2"),lambda v:GPT2LMHeadModel(GPT2Config(vocab_size=v,n_embd=d,n_layer=3,n_head=h,n_positions=64))
    yield "llama-gqa",lambda:bpe("llama3"),lambda v:LlamaForCausalLM(LlamaConfig(vocab_size=v,hidden_size=d,num_hidden_layers=2,num_attention_heads=h,num_key_value_heads=1 if big else 2,intermediate_size=2*d+8,max_position_embeddings=128,rms_norm_eps=1e-5,tie_word_embeddings=True,rope_parameters=rope(10000.0)))
    yield "llama3-scaled",lambda:bpe("llama3"),lambda v:LlamaForCausalLM(LlamaConfig(vocab_size=v,hidden_size=d,num_hidden_layers=2,num_attention_heads=h,num_key_value_heads=1 if big else 2,intermediate_size=2*d,head_dim=32,max_position_embeddings=512,rms_norm_eps=1e-6,tie_word_embeddings=False,rope_parameters=rope(500000.0,rope_type="llama3",factor=8.0,low_freq_factor=1.0,high_freq_factor=4.0,original_max_position_embeddings=64)))
    yield "qwen2",lambda:bpe("qwen2"),lambda v:Qwen2ForCausalLM(Qwen2Config(vocab_size=v,hidden_size=d,num_hidden_layers=2,num_attention_heads=h,num_key_value_heads=1 if big else 2,intermediate_size=2*d+16,max_position_embeddings=128,rms_norm_eps=1e-6,tie_word_embeddings=True,rope_parameters=rope(1000000.0)))
    yield "qwen3",lambda:bpe("qwen2"),lambda v:Qwen3ForCausalLM(Qwen3Config(vocab_size=v,hidden_size=d,num_hidden_layers=2,num_attention_heads=h,num_key_value_heads=1 if big else 2,head_dim=24,intermediate_size=2*d,max_position_embeddings=128,tie_word_embeddings=True,rope_parameters=rope(1000000.0)))
    yield "mistral-window",lambda:bpe("llama3"),lambda v:MistralForCausalLM(MistralConfig(vocab_size=v,hidden_size=d,num_hidden_layers=2,num_attention_heads=h,num_key_value_heads=1 if big else 2,intermediate_size=2*d,max_position_embeddings=128,sliding_window=7,rope_parameters=rope(10000.0)))
    yield "pythia",lambda:bpe("gpt2"),lambda v:GPTNeoXForCausalLM(GPTNeoXConfig(vocab_size=v,hidden_size=d,num_hidden_layers=2,num_attention_heads=h,intermediate_size=4*d,max_position_embeddings=128,use_parallel_residual=True,rope_parameters=dict(rope_theta=10000.0,rope_type="default",partial_rotary_factor=0.25)))
SENT=["Mira lost the small key. Then Mira gave the key to Tom, and Tom said: \"Thank you!\"","The quiet owl carries 1234 letters; it doesn't care who's watching -- naïve café, 東京."]
for name,tok,make in cases():
    if want and name not in want: continue
    T=tok(); torch.manual_seed(seed); m=make(len(T)).eval(); m.set_attn_implementation("eager")
    with torch.no_grad():  # far from zero attention: larger weights than a fresh model has, so that maps are not flat; biases and norms not trivial
        for n,p in m.named_parameters(): p.copy_(torch.randn_like(p)*(0.11 if p.dim()>1 else 0.1)+(1.0 if 'norm' in n.lower() and n.endswith('weight') or 'ln_' in n and n.endswith('weight') or 'layer_norm' in n and n.endswith('weight') else 0.0))
    f=f"{out}/{name}"; os.makedirs(f,exist_ok=True); m.save_pretrained(f); T.save_pretrained(f)
    dec=m.__class__.__name__.endswith(("CausalLM","LMHeadModel")); exp={}; meta={"sentences":json.dumps(SENT,ensure_ascii=False)}
    for i,s in enumerate(SENT):
        enc=T(s,return_tensors="pt"); ids=enc["input_ids"]
        with torch.no_grad(): o=m(input_ids=ids,attention_mask=torch.ones_like(ids),output_attentions=True,output_hidden_states=True)
        exp[f"{i}.input_ids"]=ids[0].clone()
        for l,a in enumerate(o.attentions): exp[f"{i}.attention.{l}"]=a[0].clone()
        for l,a in enumerate(o.hidden_states): exp[f"{i}.hidden.{l}"]=a[0].clone()
        if hasattr(o,"logits") and o.logits is not None: exp[f"{i}.logits"]=o.logits[0].clone()
        if dec:
            with torch.no_grad(): g=m.generate(ids,attention_mask=torch.ones_like(ids),max_new_tokens=12,do_sample=False,pad_token_id=0,eos_token_id=None)
            exp[f"{i}.greedy"]=g[0].clone()
    save_file(exp,f"{f}/expected.safetensors",metadata=meta)
    if name in ("llama-gqa","llama3-scaled","mistral-window"):  # the keys that most published files have (before rope_parameters)
        c=json.load(open(f"{f}/config.json")); r=c.pop("rope_parameters"); c["rope_theta"]=r.pop("rope_theta"); t=r.get("rope_type","default"); c["rope_scaling"]=None if t=="default" else r
        json.dump(c,open(f"{f}/config.json","w"),indent=2)
    print(name,m.__class__.__name__,len(T),sum(p.numel() for p in m.parameters()),[tuple(exp[f'{i}.input_ids'].shape) for i in range(2)],round(float(exp['0.attention.0'].max()),3),flush=True)
