"""Small random encoders of every model family, saved in their published formats."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

SENTENCES = [
    "I have a cat",
    "A dog watching food cook in an oven",
    "the violin",
    "a small café on the corner of the street",
    "two goldfish swim in a bowl",
    "my red bicycle",
]
SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}
DECODER = {**SIZES, "num_key_value_heads": 2, "max_position_embeddings": 64}
SEQ2SEQ = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 1,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 48,
    "decoder_ffn_dim": 48,
    "max_position_embeddings": 64,
}
T5_SIZES = {"d_model": 32, "d_kv": 8, "d_ff": 48, "num_layers": 2, "num_decoder_layers": 1, "num_heads": 4}


def word_pieces(special: tuple[str, ...]) -> dict[str, int]:
    """WordPiece vocabulary: special tokens, whole words and characters."""
    words = sorted({word for sentence in SENTENCES for word in sentence.lower().replace("é", "e").split()})
    letters = "abcdefghijklmnopqrstuvwxyz"
    entries = [*special, *words, *letters, *(f"##{letter}" for letter in letters)]
    return {entry: row for row, entry in enumerate(dict.fromkeys(entries))}


def byte_pairs(special: tuple[str, ...], *, of_clip: bool = False) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Vocabulary and merges of a byte-pair tokenizer trained on the sentences."""
    import json

    from tokenizers import ByteLevelBPETokenizer, CharBPETokenizer

    tokenizer = CharBPETokenizer(suffix="</w>") if of_clip else ByteLevelBPETokenizer()
    tokenizer.train_from_iterator(SENTENCES, vocab_size=400, min_frequency=1, special_tokens=list(special))
    model = json.loads(tokenizer.to_str())["model"]
    return model["vocab"], [tuple(pair) for pair in model["merges"]]


def unigrams(special: tuple[str, ...]) -> list[tuple[str, float]]:
    """Unigram vocabulary: pieces with log probabilities."""
    words = sorted({word for sentence in SENTENCES for word in sentence.split()})
    letters = ["▁", *"ABIabcdefghijklmnopqrstuvwxyzé"]
    return [
        *((entry, 0.0) for entry in special),
        *((f"▁{word}", -3.0) for word in words),
        *((letter, -9.0) for letter in letters),
    ]


def bert_tokenizer(name: str = "BertTokenizerFast"):
    import transformers

    return getattr(transformers, name)(vocab=word_pieces(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")))


def roberta_tokenizer(name: str = "RobertaTokenizerFast"):
    import transformers

    vocabulary, merges = byte_pairs(("<s>", "<pad>", "</s>", "<unk>", "<mask>"))
    return getattr(transformers, name)(vocab=vocabulary, merges=merges)


def without_pad(name: str = "GPT2TokenizerFast"):
    """Tokenizer like GPT-2's: neither pad nor cls token, nothing added to a sentence."""
    import transformers

    vocabulary, merges = byte_pairs(("<|endoftext|>",))
    return getattr(transformers, name)(vocab=vocabulary, merges=merges, pad_token=None)


def unigram_tokenizer(name: str, special: tuple[str, ...], **options):
    import transformers

    return getattr(transformers, name)(vocab=unigrams(special), **options)


def llama_tokenizer():
    """Byte-pair tokenizer of whole characters with a begin-of-sentence token and no pad token."""
    from tokenizers import Tokenizer, decoders, models, normalizers, processors
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.Unigram(unigrams(("<unk>", "<s>", "</s>")), unk_id=0))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>")


def siglip_tokenizer():
    """Unigram tokenizer that appends ``</s>``, also the pad token; no attention mask, as SigLIP is trained."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.Unigram(unigrams(("<unk>", "</s>")), unk_id=0))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="<unk>",
        eos_token="</s>",
        pad_token="</s>",
        model_max_length=16,
        model_input_names=["input_ids"],
    )


def clip_tokenizer():
    from transformers import CLIPTokenizerFast

    vocabulary, merges = byte_pairs(("<|startoftext|>", "<|endoftext|>"), of_clip=True)
    return CLIPTokenizerFast(vocab=vocabulary, merges=merges)


def t5_tokenizer():
    return unigram_tokenizer("T5TokenizerFast", ("<pad>", "</s>", "<unk>"), extra_ids=2)


def xlm_roberta_tokenizer():
    return unigram_tokenizer("XLMRobertaTokenizerFast", ("<s>", "<pad>", "</s>", "<unk>"))


def of(model: str, tokenizer, /, config: str | None = None, **sizes) -> Callable[[Path], None]:
    """Function that saves a random model of this transformers class, and its tokenizer, in a folder."""

    def save(folder: Path) -> None:
        import torch
        import transformers

        torch.manual_seed(0)
        words = tokenizer()
        settings = getattr(transformers, config or f"{model.removesuffix('Model')}Config")
        getattr(transformers, model)(settings(vocab_size=len(words), **sizes)).save_pretrained(folder)
        words.save_pretrained(folder)

    return save


def two_towers(model: str, tokenizer, *, patch: int = 8, **sizes) -> Callable[[Path], None]:
    """Function that saves a whole CLIP or SigLIP model, text and image tower."""

    def save(folder: Path) -> None:
        import torch
        import transformers

        torch.manual_seed(0)
        words = tokenizer()
        text = {**SIZES, "vocab_size": len(words), "max_position_embeddings": 16, **sizes}
        pictures = {**SIZES, "image_size": 16, "patch_size": patch}
        configuration = getattr(transformers, model.replace("Model", "Config"))(
            text_config=text, vision_config=pictures
        )
        getattr(transformers, model)(configuration).save_pretrained(folder)
        words.save_pretrained(folder)

    return save


XLNET_SPECIAL = ("<unk>", "<s>", "</s>", "<cls>", "<sep>", "<pad>", "<mask>", "<eod>", "<eop>")
DEBERTA_SPECIAL = ("[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]")
ALBERT_SPECIAL = ("<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]")

UNUSUAL: dict[str, Callable[[Path], None]] = {
    "rembert": of(
        "RemBertModel",
        lambda: unigram_tokenizer("AlbertTokenizerFast", ALBERT_SPECIAL),
        input_embedding_size=16,
        output_embedding_size=24,
        **SIZES,
    ),
    "led": of(
        "LEDModel",
        roberta_tokenizer,
        max_encoder_position_embeddings=24,
        attention_window=8,
        **{name: size for name, size in SEQ2SEQ.items() if name != "max_position_embeddings"},
    ),
    "dpr-question": of("DPRQuestionEncoder", bert_tokenizer, config="DPRConfig", **SIZES),
    "dpr-passage": of("DPRContextEncoder", bert_tokenizer, config="DPRConfig", projection_dim=16, **SIZES),
    "ibert": of("IBertModel", roberta_tokenizer, max_position_embeddings=20, **SIZES),
    "owlvit": two_towers("OwlViTModel", clip_tokenizer),
    "prophetnet": of(
        "ProphetNetModel",
        bert_tokenizer,
        hidden_size=32,
        num_encoder_layers=2,
        num_decoder_layers=1,
        num_encoder_attention_heads=4,
        num_decoder_attention_heads=4,
        encoder_ffn_dim=48,
        decoder_ffn_dim=48,
    ),
}
FAMILIES: dict[str, Callable[[Path], None]] = {
    "bert": of("BertModel", bert_tokenizer, **SIZES),
    "bert-with-head": of("BertForMaskedLM", bert_tokenizer, config="BertConfig", **SIZES),
    "distilbert": of("DistilBertModel", bert_tokenizer, dim=32, n_layers=2, n_heads=4, hidden_dim=48),
    "electra": of("ElectraModel", bert_tokenizer, embedding_size=16, **SIZES),
    "mobilebert": of(
        "MobileBertModel",
        bert_tokenizer,
        embedding_size=16,
        intra_bottleneck_size=16,
        **SIZES,
    ),
    "convbert": of("ConvBertModel", bert_tokenizer, embedding_size=16, **SIZES),
    "roberta": of("RobertaModel", roberta_tokenizer, max_position_embeddings=20, **SIZES),
    "roberta-with-head": of(
        "RobertaForMaskedLM", roberta_tokenizer, config="RobertaConfig", max_position_embeddings=20, **SIZES
    ),
    "longformer": of(
        "LongformerModel", roberta_tokenizer, attention_window=[4, 4], max_position_embeddings=64, **SIZES
    ),
    "mpnet": of(
        "MPNetModel",
        lambda: __import__("transformers").MPNetTokenizerFast(
            vocab=word_pieces(("<s>", "<pad>", "</s>", "<unk>", "[UNK]", "<mask>"))
        ),
        max_position_embeddings=20,
        **SIZES,
    ),
    "albert": of(
        "AlbertModel", lambda: unigram_tokenizer("AlbertTokenizerFast", ALBERT_SPECIAL), embedding_size=16, **SIZES
    ),
    "xlm-roberta": of("XLMRobertaModel", xlm_roberta_tokenizer, max_position_embeddings=20, **SIZES),
    "camembert": of("CamembertModel", xlm_roberta_tokenizer, max_position_embeddings=20, **SIZES),
    "xlnet": of(
        "XLNetModel",
        lambda: unigram_tokenizer("XLNetTokenizerFast", XLNET_SPECIAL),
        d_model=32,
        n_layer=2,
        n_head=4,
        d_inner=48,
    ),
    "deberta": of(
        "DebertaModel",
        lambda: roberta_tokenizer("DebertaTokenizerFast"),
        relative_attention=True,
        pos_att_type=["c2p", "p2c"],
        **SIZES,
    ),
    "deberta-v2": of(
        "DebertaV2Model",
        lambda: unigram_tokenizer("DebertaV2TokenizerFast", DEBERTA_SPECIAL),
        relative_attention=True,
        pos_att_type=["c2p", "p2c"],
        position_buckets=8,
        share_att_key=True,
        norm_rel_ebd="layer_norm",
        position_biased_input=False,
        **SIZES,
    ),
    "modernbert": of("ModernBertModel", bert_tokenizer, pad_token_id=0, max_position_embeddings=64, **SIZES),
    "t5": of("T5Model", t5_tokenizer, **T5_SIZES),
    "t5-with-head": of("T5ForConditionalGeneration", t5_tokenizer, config="T5Config", **T5_SIZES),
    "t5-encoder": of("T5EncoderModel", t5_tokenizer, config="T5Config", **T5_SIZES),
    "mt5": of("MT5Model", t5_tokenizer, **T5_SIZES),
    "umt5": of("UMT5EncoderModel", t5_tokenizer, config="UMT5Config", **T5_SIZES),
    "bart": of("BartModel", roberta_tokenizer, **SEQ2SEQ),
    "bart-with-head": of("BartForConditionalGeneration", roberta_tokenizer, config="BartConfig", **SEQ2SEQ),
    "mbart": of("MBartModel", xlm_roberta_tokenizer, **SEQ2SEQ),
    "marian": of("MarianModel", t5_tokenizer, pad_token_id=0, decoder_start_token_id=0, **SEQ2SEQ),
    "clip": two_towers("CLIPModel", clip_tokenizer),
    "clip-text": of("CLIPTextModel", clip_tokenizer, config="CLIPTextConfig", max_position_embeddings=16, **SIZES),
    "clip-text-projected": of(
        "CLIPTextModelWithProjection",
        clip_tokenizer,
        config="CLIPTextConfig",
        max_position_embeddings=16,
        projection_dim=16,
        **SIZES,
    ),
    "siglip": two_towers("SiglipModel", siglip_tokenizer, projection_size=32),
    "siglip-text": of(
        "SiglipTextModel", siglip_tokenizer, config="SiglipTextConfig", max_position_embeddings=16, **SIZES
    ),
    "gpt2": of("GPT2Model", without_pad, n_embd=32, n_layer=2, n_head=4, n_positions=64),
    "gpt2-with-head": of(
        "GPT2LMHeadModel", without_pad, config="GPT2Config", n_embd=32, n_layer=2, n_head=4, n_positions=64
    ),
    "gpt-neox": of("GPTNeoXModel", lambda: without_pad("GPTNeoXTokenizerFast"), max_position_embeddings=64, **SIZES),
    "bloom": of("BloomModel", without_pad, hidden_size=32, n_layer=2, n_head=4),
    "opt": of(
        "OPTModel",
        roberta_tokenizer,
        hidden_size=32,
        word_embed_proj_dim=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        ffn_dim=48,
        max_position_embeddings=64,
    ),
    "llama": of("LlamaModel", llama_tokenizer, **DECODER),
    "llama-with-head": of("LlamaForCausalLM", llama_tokenizer, config="LlamaConfig", **DECODER),
    "mistral": of("MistralModel", llama_tokenizer, **DECODER),
    "qwen2": of("Qwen2Model", lambda: without_pad("Qwen2TokenizerFast"), **DECODER),
    "qwen3": of("Qwen3Model", lambda: without_pad("Qwen2TokenizerFast"), head_dim=8, **DECODER),
    "gemma": of("GemmaModel", llama_tokenizer, head_dim=8, **DECODER),
    "phi": of("PhiModel", without_pad, **DECODER),
}
